package io.millrace.worker.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/**
 * One to three changes of a header, drawn from a seed: flipped bits, other bytes, counts and lengths at the edges of
 * their types, pieces copied elsewhere, a file that is cut short.
 */
final class Mutation {
    private static final long[] EDGES = {
        0, 1, 2, 7, 255, 65_536, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, -1
    };

    private final byte[] bytes;
    private final byte[] original;
    private final int headerBytes;
    private int size;

    private Mutation(byte[] bytes, byte[] original, int headerBytes) {
        this.bytes = bytes;
        this.original = original;
        this.headerBytes = headerBytes;
        this.size = bytes.length;
    }

    /**
     * Changes the bytes.
     *
     * @param original of the header, at least
     */
    static Mutation of(byte[] bytes, byte[] original, int headerBytes, Random random) {
        Mutation mutation = new Mutation(bytes, original, headerBytes);
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            mutation.change(random);
        }
        return mutation;
    }

    /** How much of the bytes counts. */
    int size() {
        return size;
    }

    /** Makes the bytes as they were. */
    void undo() {
        System.arraycopy(original, 0, bytes, 0, headerBytes);
    }

    private void change(Random random) {
        int at = place(random);
        switch (random.nextInt(8)) {
            case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> bytes[at] = (byte) random.nextInt(256);
            case 3 -> number(at, Integer.BYTES, EDGES[random.nextInt(EDGES.length)]);
            case 4 -> number(at, Long.BYTES, EDGES[random.nextInt(EDGES.length)]);
            case 5 -> number(at, Long.BYTES, random.nextLong());
            case 6 -> copy(place(random), at, 1 + random.nextInt(64));
            default -> size = Math.min(size, random.nextBoolean() ? at : headerBytes + at);
        }
    }

    /** Mostly where counts, types and lengths are: the beginning and the end, which the tokens' texts lie between. */
    private int place(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(headerBytes);
            case 1 -> random.nextInt(Math.min(64, headerBytes));
            case 2 -> random.nextInt(Math.min(2_048, headerBytes));
            default -> headerBytes - 1 - random.nextInt(Math.min(8_192, headerBytes));
        };
    }

    private void number(int at, int width, long value) {
        byte[] number = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        System.arraycopy(number, 0, bytes, at, Math.min(width, headerBytes - at));
    }

    private void copy(int from, int to, int length) {
        int most = Math.min(length, headerBytes - Math.max(from, to));
        System.arraycopy(Arrays.copyOfRange(bytes, from, from + most), 0, bytes, to, most);
    }
}
