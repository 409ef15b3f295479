package io.millrace.producer.export;

/** 64-bit hashes that are the same on every machine. Thread-safe. */
final class Hashes {
    static final long START = 0xCBF29CE484222325L;

    private Hashes() {}

    /** The hash of a sequence of texts with one more behind it. */
    static long add(long hash, CharSequence text) {
        long next = hash ^ text.length();
        for (int i = 0; i < text.length(); i++) {
            next = (next ^ text.charAt(i)) * 0x100000001B3L;
            next ^= next >>> 32;
        }
        return mix(next);
    }

    /** The finaliser of SplitMix64. */
    static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
