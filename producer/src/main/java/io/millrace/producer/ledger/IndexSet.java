package io.millrace.producer.ledger;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;

/**
 * A set of job indices, a bit each, that can be written as a short text: {@code r} and the alternating run lengths
 * (first absent, then present) as variable-length numbers, or {@code b} and the bits themselves where that is shorter,
 * both in base64.
 *
 * <p>Confined to its owner's thread.
 */
final class IndexSet {
    private final BitSet bits;
    private long size;

    IndexSet() {
        this(new BitSet());
    }

    private IndexSet(BitSet bits) {
        this.bits = bits;
        this.size = bits.cardinality();
    }

    /** Whether the index was not there before. */
    boolean add(long index) {
        int bit = bit(index);
        if (bits.get(bit)) {
            return false;
        }
        bits.set(bit);
        size++;
        return true;
    }

    /** Whether the index was there. */
    boolean remove(long index) {
        int bit = bit(index);
        boolean present = bits.get(bit);
        bits.clear(bit);
        size -= present ? 1 : 0;
        return present;
    }

    long size() {
        return size;
    }

    boolean contains(long index) {
        return bits.get(bit(index));
    }

    /** The absent indices below {@code end} as ranges, at most {@code most} of them. */
    List<IndexRange> absentBelow(long end, int most) {
        List<IndexRange> ranges = new ArrayList<>();
        long from = 0;
        while (ranges.size() < most) {
            from = bits.nextClearBit(Math.toIntExact(from));
            if (from >= end) {
                break;
            }
            int next = bits.nextSetBit((int) from);
            long to = next < 0 ? end : Math.min(next, end);
            ranges.add(new IndexRange(from, to - 1));
            from = to;
        }
        return ranges;
    }

    String encode() {
        int bitmapBytes = (bits.length() + 7) / 8;
        ByteArrayOutputStream runs = new ByteArrayOutputStream();
        int at = 0;
        while (at < bits.length() && runs.size() <= bitmapBytes) {
            int present = bits.nextSetBit(at);
            int absent = bits.nextClearBit(present);
            writeNumber(runs, present - at);
            writeNumber(runs, absent - present);
            at = absent;
        }
        return runs.size() <= bitmapBytes ? "r" + base64(runs.toByteArray()) : "b" + base64(bits.toByteArray());
    }

    static IndexSet decode(String text) {
        byte[] bytes = Base64.getDecoder().decode(text.substring(1));
        return switch (text.charAt(0)) {
            case 'b' -> new IndexSet(BitSet.valueOf(bytes));
            case 'r' -> new IndexSet(runs(bytes));
            default ->
                throw new IllegalArgumentException("a set of indices cannot start with '" + text.charAt(0) + "'");
        };
    }

    private static BitSet runs(byte[] bytes) {
        BitSet bits = new BitSet();
        long at = 0;
        boolean present = false;
        int i = 0;
        while (i < bytes.length) {
            long length = 0;
            int shift = 0;
            byte part;
            do {
                part = bytes[i++];
                length |= (long) (part & 0x7F) << shift;
                shift += 7;
            } while (part < 0);
            if (present) {
                bits.set(Math.toIntExact(at), Math.toIntExact(at + length));
            }
            at += length;
            present = !present;
        }
        return bits;
    }

    private static void writeNumber(ByteArrayOutputStream out, int number) {
        int rest = number;
        while (rest > 0x7F) {
            out.write((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }

    private static int bit(long index) {
        if (index < 0 || index >= RunLedger.MAX_JOBS) {
            throw new IllegalArgumentException("job index " + index + " is outside 0 to " + (RunLedger.MAX_JOBS - 1)
                    + ", the most that a run holds");
        }
        return (int) index;
    }
}
