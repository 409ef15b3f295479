package io.millrace.producer.export;

/**
 * Sum, least and most of a number of lengths.
 *
 * <p>Confined to the exporting thread.
 */
final class Lengths {
    private long count;
    private long sum;
    private long least = Long.MAX_VALUE;
    private long most;

    void add(long length) {
        count++;
        sum += length;
        least = Math.min(least, length);
        most = Math.max(most, length);
    }

    long least() {
        return count == 0 ? 0 : least;
    }

    long most() {
        return most;
    }

    /** To one place. */
    double mean() {
        return count == 0 ? 0 : Math.round(sum * 10.0 / count) / 10.0;
    }
}
