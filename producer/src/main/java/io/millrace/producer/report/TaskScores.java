package io.millrace.producer.report;

import io.millrace.producer.score.Bootstrap;
import io.millrace.producer.score.Interval;
import io.millrace.producer.score.McNemar;
import io.millrace.producer.score.PassAtK;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A scorer's scores at a point, task by task.
 *
 * <p>Confined to one thread.
 */
final class TaskScores {
    private static final int[] KS = {1, 2, 5, 10, 20, 50, 100};

    private final double[] sums;
    private final int[] samples;
    private final int[] passed;
    private boolean binary = true;

    TaskScores(int tasks) {
        sums = new double[tasks];
        samples = new int[tasks];
        passed = new int[tasks];
    }

    void add(int task, double score) {
        sums[task] += score;
        samples[task]++;
        if (score == 1) {
            passed[task]++;
        } else {
            binary &= score == 0;
        }
    }

    private double mean(int task) {
        return sums[task] / samples[task];
    }

    private int[] scored() {
        return IntStream.range(0, samples.length)
                .filter(task -> samples[task] > 0)
                .toArray();
    }

    /** Nothing where no task has a score. */
    Optional<ScoreFigures> figures(Bootstrap bootstrap) {
        int[] tasks = scored();
        if (tasks.length == 0) {
            return Optional.empty();
        }
        double[] means = Arrays.stream(tasks).mapToDouble(this::mean).toArray();
        int fewest = Arrays.stream(tasks).map(task -> samples[task]).min().getAsInt();
        SortedMap<Integer, Interval> passAtK = new TreeMap<>();
        if (binary && fewest > 1) {
            IntStream.concat(Arrays.stream(KS), IntStream.of(fewest))
                    .filter(k -> k <= fewest)
                    .forEach(k -> passAtK.put(
                            k,
                            bootstrap.mean(Arrays.stream(tasks)
                                    .mapToDouble(task -> PassAtK.estimate(samples[task], passed[task], k))
                                    .toArray())));
        }
        return Optional.of(new ScoreFigures(tasks.length, bootstrap.mean(means), passAtK));
    }

    /** On the tasks with scores at both points; nothing where there is none. */
    static Optional<Comparison> compare(
            String scorer, int first, int second, TaskScores one, TaskScores other, Bootstrap bootstrap) {
        int[] tasks = Arrays.stream(one.scored())
                .filter(task -> other.samples[task] > 0)
                .toArray();
        if (tasks.length == 0) {
            return Optional.empty();
        }
        return Optional.of(new Comparison(
                scorer,
                first,
                second,
                tasks.length,
                bootstrap.difference(
                        Arrays.stream(tasks).mapToDouble(one::mean).toArray(),
                        Arrays.stream(tasks).mapToDouble(other::mean).toArray()),
                discordance(one, other, tasks)));
    }

    private static Optional<Comparison.Discordance> discordance(TaskScores one, TaskScores other, int[] tasks) {
        int onlyFirst = 0;
        int onlySecond = 0;
        for (int task : tasks) {
            if (!one.binary || !other.binary || one.samples[task] != 1 || other.samples[task] != 1) {
                return Optional.empty();
            }
            if (one.passed[task] > other.passed[task]) {
                onlyFirst++;
            } else if (one.passed[task] < other.passed[task]) {
                onlySecond++;
            }
        }
        return Optional.of(new Comparison.Discordance(onlyFirst, onlySecond, McNemar.pValue(onlyFirst, onlySecond)));
    }
}
