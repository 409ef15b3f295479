package io.millrace.producer.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The lines of a file of results by their jobs: a first look finds where each starts, 8 bytes a job. Lines come nearly in
 * the order of their jobs, so that asking for them in that order reads nearly in sequence. Of several lines of a job the
 * last one counts.
 *
 * <p>Confined to its caller's thread.
 */
final class LinesByJob implements Closeable {
    private static final int WINDOW_BYTES = 1 << 14;

    private final Path file;
    private final byte[] lineStart;
    private final FileChannel channel;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
    private long windowStart;
    private long[] starts = new long[1024];
    private int jobs;

    /** @param lineStart what each line starts with, before the job's index */
    LinesByJob(Path file, String lineStart) throws IOException {
        this.file = file;
        this.lineStart = lineStart.getBytes(StandardCharsets.US_ASCII);
        Arrays.fill(starts, -1);
        findStarts();
        channel = FileChannel.open(file);
    }

    /** One more than the highest index of a job with a line. */
    int jobs() {
        return jobs;
    }

    boolean has(int job) {
        return job < jobs && starts[job] >= 0;
    }

    /** Takes a line in pieces of any length. */
    interface Pieces {
        void write(byte[] bytes, int start, int length) throws IOException;
    }

    /** Hands on the line of a job that has one, with its end. */
    void copy(int job, Pieces target) throws IOException {
        long at = starts[job];
        boolean more = true;
        while (more) {
            if (at < windowStart || at >= windowStart + window.limit()) {
                windowStart = at;
                window.clear();
                if (channel.read(window, at) <= 0) {
                    throw new IOException(file + " became shorter while it was read");
                }
                window.flip();
            }
            int from = (int) (at - windowStart);
            int to = lineEnd(window.array(), from, window.limit());
            more = to == window.limit();
            to += more ? 0 : 1;
            target.write(window.array(), from, to - from);
            at += to - from;
        }
    }

    private static int lineEnd(byte[] bytes, int from, int limit) {
        int to = from;
        while (to < limit && bytes[to] != '\n') {
            to++;
        }
        return to;
    }

    private void findStarts() throws IOException {
        long at = 0;
        long start = 0;
        int column = 0;
        long index = 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                int i = 0;
                while (i < read) {
                    byte b = buffer[i];
                    if (b == '\n') {
                        found(index, start);
                        start = at + i + 1;
                        column = 0;
                        index = 0;
                    } else if (column < lineStart.length) {
                        if (b != lineStart[column++]) {
                            throw new OutputException(file + ": byte " + (at + i)
                                    + " is not of this run; remove the folder, then collect the run again");
                        }
                    } else if (column == lineStart.length && b >= '0' && b <= '9') {
                        index = index * 10 + (b - '0');
                    } else {
                        column = lineStart.length + 1;
                        i = lineEnd(buffer, i, read) - 1;
                    }
                    i++;
                }
                at += read;
            }
        }
    }

    private void found(long index, long start) {
        int job = Math.toIntExact(index);
        if (job >= starts.length) {
            int length = starts.length;
            starts = Arrays.copyOf(starts, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(job + 1L, length * 3L / 2)));
            Arrays.fill(starts, length, starts.length, -1);
        }
        starts[job] = start;
        jobs = Math.max(jobs, job + 1);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
