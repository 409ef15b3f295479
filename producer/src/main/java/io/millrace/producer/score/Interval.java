package io.millrace.producer.score;

/**
 * A mean with the bounds of its confidence interval.
 *
 * <p>Immutable.
 */
public record Interval(double mean, double low, double high) {

    public Interval {
        if (!(low <= high) || Double.isNaN(mean)) {
            throw new IllegalArgumentException("not an interval: " + mean + " in " + low + " to " + high);
        }
    }
}
