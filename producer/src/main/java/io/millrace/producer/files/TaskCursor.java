package io.millrace.producer.files;

import io.millrace.producer.plan.Task;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The tasks of a checked input in order, one in memory at a time.
 *
 * <p>Confined to the reading thread.
 */
public final class TaskCursor implements Iterator<Task>, Closeable {
    private final CheckedInput input;
    private final LineReader lines;
    private final TaskReader reader;
    private long index;

    TaskCursor(CheckedInput input, LineReader lines, TaskReader reader) {
        this.input = input;
        this.lines = lines;
        this.reader = reader;
    }

    /** Passes lines without parsing them: which are tasks is known from the check. */
    void skipTo(long newIndex) throws IOException {
        while (index < newIndex) {
            toTask();
            index++;
        }
    }

    /** The number of the line that the last task came from. */
    long line() {
        return lines.number();
    }

    /** The index of the task that {@link #next} gives. */
    public long index() {
        return index;
    }

    @Override
    public boolean hasNext() {
        return index < input.tasks();
    }

    /** @throws InputException when the file is no longer the one that was checked */
    @Override
    public Task next() {
        if (!hasNext()) {
            throw new NoSuchElementException(input.name() + " has " + input.tasks() + " tasks");
        }
        try {
            toTask();
            Task task = reader.read(lines);
            index++;
            if (!hasNext()) {
                input.requireUnchanged();
            }
            return task;
        } catch (LineException e) {
            throw input.changed();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void toTask() throws IOException {
        do {
            if (!lines.advance()) {
                throw input.changed();
            }
        } while (!input.used(lines));
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
