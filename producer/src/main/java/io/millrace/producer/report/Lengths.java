package io.millrace.producer.report;

import java.util.Arrays;

/**
 * How long the samples of a point are, in tokens or characters.
 *
 * <p>Immutable; nobody changes the counts.
 *
 * @param p95 of 100 samples 95 are no longer
 * @param counts samples by bin, see {@link Bins}
 */
public record Lengths(double mean, long median, long p95, long max, long[] counts) {

    /** @param lengths at least one, any order */
    static Lengths of(long[] lengths, Bins bins) {
        long[] sorted = lengths.clone();
        Arrays.sort(sorted);
        long[] counts = new long[bins.count()];
        for (long length : sorted) {
            counts[bins.of(length)]++;
        }
        return new Lengths(
                Arrays.stream(sorted).sum() / (double) sorted.length,
                rank(sorted, 0.5),
                rank(sorted, 0.95),
                sorted[sorted.length - 1],
                counts);
    }

    private static long rank(long[] sorted, double share) {
        return sorted[(int) Math.max(0, Math.ceil(share * sorted.length) - 1)];
    }

    /**
     * Bins of equal width from 0, the same for all points so that they can be laid over each other.
     *
     * <p>Immutable.
     */
    public record Bins(long width, int count) {
        private static final int MOST = 40;

        /** Round widths, at most forty bins. */
        static Bins upTo(long max) {
            long width = 1;
            for (int step = 0; max / width >= MOST; step++) {
                width = switch (step % 3) {
                    case 0 -> width * 2;
                    case 1 -> width / 2 * 5;
                    default -> width * 2;
                };
            }
            return new Bins(width, (int) (max / width) + 1);
        }

        int of(long length) {
            return (int) (length / width);
        }
    }
}
