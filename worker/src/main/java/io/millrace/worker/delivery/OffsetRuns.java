package io.millrace.worker.delivery;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.SortedSet;

/**
 * A set of offsets, held as ascending runs. Written as alternating run lengths, absent then present, counted from a
 * base, each a little-endian base-128 number, the whole in base64 without padding: its size follows the number of runs,
 * not of offsets.
 *
 * <p>Immutable.
 */
public final class OffsetRuns {
    public static final OffsetRuns EMPTY = new OffsetRuns(new long[0]);

    /** Start (inclusive) and end (exclusive) of each run, ascending and never touching. */
    private final long[] bounds;

    private OffsetRuns(long[] bounds) {
        this.bounds = bounds;
    }

    /** The set of these offsets. */
    public static OffsetRuns of(SortedSet<Long> offsets) {
        Builder builder = new Builder();
        for (long offset : offsets) {
            builder.add(offset, offset + 1);
        }
        return builder.build();
    }

    /** The offsets that are in both sets. */
    public OffsetRuns and(OffsetRuns other) {
        Builder both = new Builder();
        int i = 0;
        int j = 0;
        while (i < runs() && j < other.runs()) {
            both.add(Math.max(runStart(i), other.runStart(j)), Math.min(runEnd(i), other.runEnd(j)));
            if (runEnd(i) < other.runEnd(j)) {
                i++;
            } else {
                j++;
            }
        }
        return both.build();
    }

    public boolean isEmpty() {
        return bounds.length == 0;
    }

    public boolean contains(long offset) {
        int at = Arrays.binarySearch(bounds, offset);
        return at >= 0 ? at % 2 == 0 : (-at - 1) % 2 == 1;
    }

    /** One past the last offset, or the given value when empty. */
    public long end(long ifEmpty) {
        return isEmpty() ? ifEmpty : bounds[bounds.length - 1];
    }

    /** How many offsets there are. */
    public long size() {
        long size = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            size += bounds[i + 1] - bounds[i];
        }
        return size;
    }

    public int runs() {
        return bounds.length / 2;
    }

    public long runStart(int run) {
        return bounds[2 * run];
    }

    public long runEnd(int run) {
        return bounds[2 * run + 1];
    }

    /** Writes the set; no offset may lie below the base. */
    String encode(long base) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long from = base;
        for (long bound : bounds) {
            if (bound < from) {
                throw new IllegalArgumentException("offset " + bound + " lies below the base " + base);
            }
            writeVarint(bytes, bound - from);
            from = bound;
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    /** Reads what {@link #encode} wrote with the same base. */
    static OffsetRuns decode(String text, long base) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        long[] bounds = new long[bytes.length];
        int count = 0;
        long from = base;
        int at = 0;
        while (at < bytes.length) {
            long value = 0;
            int shift = 0;
            byte next;
            do {
                if (at == bytes.length || shift > 56) {
                    throw new IllegalArgumentException("run lengths '" + text + "' are cut or too large");
                }
                next = bytes[at++];
                value |= (long) (next & 0x7f) << shift;
                shift += 7;
            } while (next < 0);
            from += value;
            bounds[count++] = from;
        }
        if (count % 2 != 0) {
            throw new IllegalArgumentException("run lengths '" + text + "' are not in pairs");
        }
        return new OffsetRuns(Arrays.copyOf(bounds, count));
    }

    private static void writeVarint(ByteArrayOutputStream bytes, long value) {
        long rest = value;
        while (rest > 0x7f) {
            bytes.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OffsetRuns runs && Arrays.equals(bounds, runs.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        return "OffsetRuns" + Arrays.toString(bounds);
    }

    /**
     * Takes runs in ascending order and joins those that touch.
     *
     * <p>Confined to its caller's thread.
     */
    static final class Builder {
        private long[] bounds = new long[8];
        private int count;

        /** Adds the offsets from {@code start} to before {@code end}; an empty run adds nothing. */
        void add(long start, long end) {
            if (start >= end) {
                return;
            }
            if (count > 0 && start < bounds[count - 1]) {
                throw new IllegalArgumentException("run " + start + " begins before " + bounds[count - 1]);
            }
            if (count > 0 && start == bounds[count - 1]) {
                bounds[count - 1] = end;
                return;
            }
            if (count + 2 > bounds.length) {
                bounds = Arrays.copyOf(bounds, bounds.length * 2);
            }
            bounds[count++] = start;
            bounds[count++] = end;
        }

        OffsetRuns build() {
            return count == 0 ? EMPTY : new OffsetRuns(Arrays.copyOf(bounds, count));
        }
    }
}
