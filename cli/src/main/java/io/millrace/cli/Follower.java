package io.millrace.cli;

import io.millrace.producer.files.RunOutput;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Result lines on standard output. A reader that goes away ends the command, which can be given again.
 *
 * <p>Confined to the collecting thread.
 */
final class Follower implements AutoCloseable {
    private final OutputStream out = new BufferedOutputStream(new Pipe(), 1 << 16);

    /** Writes what the folder holds, and each line that comes. */
    void follow(RunOutput folder) throws IOException {
        folder.follow(out);
        flush();
    }

    /** Writes the lines of a complete run. */
    void copy(Path folder) throws IOException {
        Files.copy(folder.resolve("results.jsonl"), out);
        Files.copy(folder.resolve("errors.jsonl"), out);
    }

    void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        flush();
    }

    /** Standard output without Java's PrintStream, which tells nobody that the reader has gone. */
    private static final class Pipe extends OutputStream {
        private final FileOutputStream stdout = new FileOutputStream(FileDescriptor.out);

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int start, int length) {
            try {
                stdout.write(bytes, start, length);
            } catch (IOException e) {
                throw new UserError(
                        "nobody reads standard output any more (" + e.getMessage() + "); the same command goes on",
                        ExitStatus.INTERRUPTED);
            }
        }
    }
}
