package io.millrace.producer.dataset;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A sample of a file's lines and a random order of them; the seed and the number of lines say all, on any machine. The
 * sample takes no memory, the order 8 bytes a line.
 *
 * <p>Thread-safe.
 */
final class Selection {
    private static final int BUFFER_BYTES = 1 << 16;

    private Selection() {}

    /** So many lines, each set of them as likely as any other, in their order (Knuth, TAOCP 2, algorithm 3.4.2 S). */
    static void sample(Path from, long lines, long wanted, long seed, Path target) throws IOException {
        Draws draws = new Draws(seed);
        long seen = 0;
        long taken = 0;
        boolean take = draws.below(lines) < wanted;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(from), BUFFER_BYTES);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(target), BUFFER_BYTES)) {
            for (int b = in.read(); b >= 0 && taken < wanted; b = in.read()) {
                if (take) {
                    out.write(b);
                }
                if (b == '\n') {
                    seen++;
                    taken += take ? 1 : 0;
                    take = seen < lines && draws.below(lines - seen) < wanted - taken;
                }
            }
        }
    }

    /** All lines in a random order. */
    static void shuffle(Path from, long seed, Path target) throws IOException {
        long[] starts = starts(from);
        Draws draws = new Draws(seed ^ 0x5DEECE66DL);
        for (int i = starts.length - 1; i > 0; i--) {
            int j = (int) draws.below(i + 1L);
            long start = starts[i];
            starts[i] = starts[j];
            starts[j] = start;
        }
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        try (FileChannel in = FileChannel.open(from);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(target), BUFFER_BYTES)) {
            for (long start : starts) {
                copyLine(in, start, buffer, out);
            }
        }
    }

    private static void copyLine(FileChannel in, long start, ByteBuffer buffer, OutputStream out) throws IOException {
        long at = start;
        while (true) {
            buffer.clear();
            int read = in.read(buffer, at);
            if (read <= 0) {
                throw new IOException("the snapshot became shorter while it was read");
            }
            int end = 0;
            while (end < read && buffer.get(end) != '\n') {
                end++;
            }
            out.write(buffer.array(), 0, Math.min(end + 1, read));
            if (end < read) {
                return;
            }
            at += read;
        }
    }

    private static long[] starts(Path file) throws IOException {
        long[] starts = new long[1024];
        int lines = 0;
        long at = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        boolean atStart = true;
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    if (atStart) {
                        if (lines == starts.length) {
                            starts = Arrays.copyOf(starts, lines + (lines >> 1));
                        }
                        starts[lines++] = at + i;
                    }
                    atStart = buffer[i] == '\n';
                }
                at += read;
            }
        }
        return Arrays.copyOf(starts, lines);
    }

    /** SplitMix64, written out so that no JDK can draw otherwise. Confined to one thread. */
    private static final class Draws {
        private long state;

        Draws(long seed) {
            state = seed;
        }

        /** Evenly from 0 to {@code bound - 1}. */
        long below(long bound) {
            while (true) {
                long bits = next() >>> 1;
                long value = bits % bound;
                if (bits - value + (bound - 1) >= 0) {
                    return value;
                }
            }
        }

        private long next() {
            state += 0x9E3779B97F4A7C15L;
            long z = state;
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            return z ^ (z >>> 31);
        }
    }
}
