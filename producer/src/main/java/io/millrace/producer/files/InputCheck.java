package io.millrace.producer.files;

import io.millrace.job.OutputFormat;
import io.millrace.producer.ledger.RunLedger;
import io.millrace.producer.plan.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads a whole input before anything is published: every line is a task, no two tasks have the same name; counts them
 * and takes the fingerprint. Memory does not grow with the input but for 8 bytes a task that names itself, a bit a task
 * that does not, and the names that come twice.
 *
 * <p>Confined to the calling thread.
 */
public final class InputCheck {
    private static final int SHOWN_BAD_LINES = 20;

    private static final int KEPT_FORMATS = 1000;

    private final InputFile file;
    private final OptionalLong limit;
    private final BadLines badLines;
    private final MessageDigest digest = sha256();
    private final IdCheck ids = new IdCheck();
    private final FormatCheck formats;
    private final Set<OutputFormat> goodFormats = new HashSet<>();
    private final BitSet skipped = new BitSet();
    private final List<BadLine> firstBad = new ArrayList<>();
    private InputFormat format;
    private long bad;
    private long tasks;

    private InputCheck(InputFile file, InputFormat format, OptionalLong limit, BadLines badLines, FormatCheck formats) {
        this.formats = formats;
        this.file = file;
        this.format = format;
        this.limit = limit;
        this.badLines = badLines;
    }

    /**
     * Checks the input up to its end or to the limit.
     *
     * @param limit the most tasks to take; lines after the last of them are not looked at
     * @throws InputException when it cannot be used; with up to 20 bad lines in its message
     */
    public static CheckedInput check(InputFile file, InputFormat format, OptionalLong limit, BadLines badLines)
            throws IOException {
        return check(file, format, limit, badLines, FormatCheck.NONE);
    }

    /**
     * Checks the input up to its end or to the limit.
     *
     * @param limit the most tasks to take; lines after the last of them are not looked at
     * @param formats what is known of output formats here
     * @throws InputException when it cannot be used; with up to 20 bad lines in its message
     */
    public static CheckedInput check(
            InputFile file, InputFormat format, OptionalLong limit, BadLines badLines, FormatCheck formats)
            throws IOException {
        return new InputCheck(file, format, limit, badLines, formats).run();
    }

    private CheckedInput run() throws IOException {
        InputFile.Stamp stamp = file.stamp();
        TaskReader reader;
        long lastLine = 0;
        try (LineReader lines = file.open()) {
            boolean more = toFirstLine(lines);
            if (!more) {
                throw new InputException(file.name() + ": is empty; write one prompt a line");
            }
            if (format == InputFormat.AUTO) {
                format = TaskReader.formatOf(file.name(), lines);
            }
            reader = new TaskReader(format);
            while (more && !limitReached()) {
                checkLine(lines, reader);
                lastLine = lines.number();
                more = advance(lines);
            }
        }
        if ((bad == 0 || badLines.skipped()) && ids.suspicious()) {
            findTwins(lastLine);
        }
        if (bad > 0 && !badLines.skipped()) {
            throw InputException.of(firstBad, bad);
        }
        if (tasks == 0) {
            throw new InputException(file.name() + ": has no line that can be used, " + bad + " bad ones");
        }
        return new CheckedInput(file, format, tasks, fingerprint(), stamp, skipped, reader.notedFields());
    }

    private boolean toFirstLine(LineReader lines) throws IOException {
        boolean more = advance(lines);
        while (more && lines.blank()) {
            digest.update((byte) '\n');
            more = advance(lines);
        }
        return more;
    }

    private boolean advance(LineReader lines) throws IOException {
        if (!lines.advance()) {
            return false;
        }
        if (lines.number() >= RunLedger.MAX_JOBS) {
            throw new InputException(file.name() + ": has more than " + RunLedger.MAX_JOBS + " lines; split it");
        }
        return true;
    }

    private boolean limitReached() {
        return limit.isPresent() && tasks >= limit.getAsLong();
    }

    /** Every line up to the last one used goes into the fingerprint, without its end, and unpacked. */
    private void checkLine(LineReader lines, TaskReader reader) {
        digest.update(lines.bytes(), lines.start(), lines.length());
        digest.update((byte) '\n');
        if (lines.blank()) {
            return;
        }
        try {
            Task task = reader.read(lines);
            checkFormat(task);
            ids.first(task.customId(), (int) lines.number());
            tasks++;
        } catch (LineException e) {
            bad(lines, new BadLine(file.place(lines), e.field(), e.getMessage()));
        }
    }

    private void checkFormat(Task task) throws LineException {
        Optional<OutputFormat> asked = task.params().answer().format();
        if (goodFormats.size() == KEPT_FORMATS) {
            goodFormats.clear();
        }
        if (asked.isPresent() && goodFormats.add(asked.get())) {
            Optional<String> fault = formats.fault(asked.get());
            if (fault.isPresent()) {
                goodFormats.remove(asked.get());
                throw new LineException("response_format", fault.get());
            }
        }
    }

    private void bad(LineReader at, BadLine line) {
        bad++;
        if (badLines.skipped()) {
            skipped.set((int) at.number());
            badLines.report().accept(line);
        } else if (firstBad.size() < SHOWN_BAD_LINES) {
            firstBad.add(line);
        }
    }

    /** The second look: which tasks have a name that an earlier one has. */
    private void findTwins(long lastLine) throws IOException {
        TaskReader again = new TaskReader(format);
        try (LineReader lines = file.open()) {
            while (lines.advance() && lines.number() <= lastLine) {
                if (lines.blank() || skipped.get((int) lines.number())) {
                    continue;
                }
                String id = again.read(lines).customId();
                Place place = file.place(lines);
                Optional<Place> earlier = ids.second(id, place);
                if (earlier.isPresent()) {
                    tasks--;
                    bad(
                            lines,
                            new BadLine(
                                    place,
                                    "custom_id",
                                    "'" + id + "' is that of " + twin(place, earlier.get()) + " too; give each "
                                            + (place.row() ? "row" : "line") + " its own"));
                }
            }
        } catch (LineException e) {
            throw new InputException(file.name() + ": changed while it was read; run again when it is complete");
        }
    }

    private static String twin(Place place, Place earlier) {
        return earlier.file().equals(place.file()) ? earlier.inFile() : earlier.toString();
    }

    private String fingerprint() {
        String rest = "format=" + format + " tasks=" + tasks + " skipped=" + skipped;
        digest.update(rest.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
