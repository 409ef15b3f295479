package io.millrace.producer.files;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * An input that was read whole and found good; it can be read again from any task.
 *
 * <p>Immutable.
 */
public final class CheckedInput {
    private final InputFile file;
    private final InputFormat format;
    private final long tasks;
    private final String sha256;
    private final InputFile.Stamp stamp;
    private final BitSet skipped;
    private final List<String> notedFields;

    CheckedInput(
            InputFile file,
            InputFormat format,
            long tasks,
            String sha256,
            InputFile.Stamp stamp,
            BitSet skipped,
            Set<String> notedFields) {
        this.file = file;
        this.format = format;
        this.tasks = tasks;
        this.sha256 = sha256;
        this.stamp = stamp;
        this.skipped = (BitSet) skipped.clone();
        this.notedFields = List.copyOf(notedFields);
    }

    public String name() {
        return file.name();
    }

    /** How many tasks there are, without blank and skipped lines and at most the limit. */
    public long tasks() {
        return tasks;
    }

    /** Lines left out because they were bad. */
    public long skippedLines() {
        return skipped.cardinality();
    }

    /** The fingerprint, lower-case hexadecimal: of the lines used, however packed, and of which were skipped. */
    public String sha256() {
        return sha256;
    }

    /** What the user may want to know, a sentence each. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (!notedFields.isEmpty()) {
            notes.add(file.name() + ": " + String.join(", ", notedFields) + " kept as metadata; sampling parameters"
                    + " come from options, or from the body of OpenAI batch lines");
        }
        return notes;
    }

    /**
     * Reads the tasks again from the one with this index, counted from 0.
     *
     * @throws InputException when the file is no longer the one that was checked
     */
    public TaskCursor open(long fromIndex) throws IOException {
        if (fromIndex < 0 || fromIndex > tasks) {
            throw new IllegalArgumentException(file.name() + " has tasks 0 to " + (tasks - 1) + ", none " + fromIndex);
        }
        requireUnchanged();
        TaskCursor cursor = new TaskCursor(this, file.open(), new TaskReader(format));
        try {
            cursor.skipTo(fromIndex);
            return cursor;
        } catch (IOException | RuntimeException e) {
            cursor.close();
            throw e;
        }
    }

    /** The same input without the tasks in these lines. */
    CheckedInput without(BitSet lines) {
        BitSet left = (BitSet) skipped.clone();
        left.or(lines);
        return new CheckedInput(
                file, format, tasks - lines.cardinality(), sha256, stamp, left, Set.copyOf(notedFields));
    }

    boolean used(LineReader line) {
        return !line.blank() && !skipped.get((int) line.number());
    }

    void requireUnchanged() throws IOException {
        if (!file.stamp().equals(stamp)) {
            throw changed();
        }
    }

    InputException changed() {
        return new InputException(
                file.name() + ": changed after it was checked; keep it as it is until the run is submitted");
    }
}
