package io.millrace.producer.score;

import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Percentile bootstrap over tasks: the samples of a task are not independent of each other, so a value here is a task's
 * mean (or its pass@k), never a single sample. The same seed gives the same bounds.
 *
 * <p>Immutable.
 *
 * @param resamples how often the tasks are drawn again
 * @param confidence the share of resampled means inside the interval, such as 0.95
 */
public record Bootstrap(int resamples, double confidence, long seed) {
    /** Enough for two digits of a bound. */
    public static final int DEFAULT_RESAMPLES = 2_000;

    public Bootstrap {
        if (resamples < 100) {
            throw new IllegalArgumentException("resamples must be at least 100, not " + resamples);
        }
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("confidence must be between 0 and 1, not " + confidence);
        }
    }

    /** Of 95 %. */
    public Bootstrap(long seed) {
        this(DEFAULT_RESAMPLES, 0.95, seed);
    }

    /** The mean of a value for each task, at least one. */
    public Interval mean(double[] byTask) {
        double[] means = resampledMeans(byTask);
        Arrays.sort(means);
        return interval(mean(byTask, byTask.length), means);
    }

    /**
     * The paired comparison of two points: the same task's values stand at the same index.
     *
     * <p>The p-value is twice the smaller share of resampled differences on either side of zero, those at zero on both
     * sides; at least one over the resamples, since no more can be said.
     */
    public Difference difference(double[] first, double[] second) {
        Objects.requireNonNull(second, "second");
        if (first.length != second.length) {
            throw new IllegalArgumentException(
                    "a paired comparison needs the same tasks, not " + first.length + " and " + second.length);
        }
        double[] differences = new double[first.length];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = first[i] - second[i];
        }
        double[] means = resampledMeans(differences);
        Arrays.sort(means);
        long below = Arrays.stream(means).filter(mean -> mean <= 0).count();
        long above = Arrays.stream(means).filter(mean -> mean >= 0).count();
        double pValue = Math.min(1, 2.0 * Math.max(1, Math.min(below, above)) / resamples);
        return new Difference(interval(mean(differences, differences.length), means), pValue);
    }

    private double[] resampledMeans(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("nothing to take the mean of: no task");
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[resamples];
        for (int r = 0; r < resamples; r++) {
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[random.nextInt(values.length)];
            }
            means[r] = sum / values.length;
        }
        return means;
    }

    private static double mean(double[] values, int count) {
        return Arrays.stream(values).sum() / count;
    }

    /** @param means sorted */
    private Interval interval(double mean, double[] means) {
        double outside = (1 - confidence) / 2;
        return new Interval(mean, quantile(means, outside), quantile(means, 1 - outside));
    }

    /** Between the two nearest ranks in proportion, as R's and NumPy's default. */
    private static double quantile(double[] sorted, double share) {
        double rank = share * (sorted.length - 1);
        int below = (int) rank;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
    }
}
