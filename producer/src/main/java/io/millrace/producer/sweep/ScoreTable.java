package io.millrace.producer.sweep;

import io.millrace.producer.score.Bootstrap;
import io.millrace.producer.score.Interval;
import io.millrace.producer.score.PassAtK;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Scores by scorer, point and task.
 *
 * <p>Confined to the scoring thread.
 */
public final class ScoreTable {
    /** As reports have it, so that both give the same intervals. */
    private static final long SEED = 0;

    private final Map<String, Map<String, Map<String, List<Double>>>> scores = new LinkedHashMap<>();
    private long samples;

    /**
     * One point under one scorer.
     *
     * @param tasks that have a score
     * @param samples of these
     * @param mean of the tasks' means, with its interval
     * @param passAtMost pass@k for the most samples that every task has, which is {@code k}; 1 has the mean alone
     */
    public record Row(String scorer, String point, int tasks, int samples, Interval mean, int k, double passAtMost) {}

    void sample() {
        samples++;
    }

    void add(ScoreLine line) {
        scores.computeIfAbsent(line.scorer(), scorer -> new TreeMap<>(ScoreTable::byNumber))
                .computeIfAbsent(line.point(), point -> new LinkedHashMap<>())
                .computeIfAbsent(line.task(), task -> new ArrayList<>())
                .add(line.score().value());
    }

    private static int byNumber(String a, String b) {
        return a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b);
    }

    /** Samples that were looked at, scored or not. */
    public long samples() {
        return samples;
    }

    /** How many samples this scorer gave a score. */
    public long scored(String scorer) {
        return scores.getOrDefault(scorer, Map.of()).values().stream()
                .flatMap(point -> point.values().stream())
                .mapToLong(List::size)
                .sum();
    }

    /** By scorer, then by point in their order. */
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        scores.forEach((scorer, points) ->
                points.forEach((point, tasks) -> rows.add(row(scorer, point, List.copyOf(tasks.values())))));
        return rows;
    }

    private static Row row(String scorer, String point, List<List<Double>> tasks) {
        double[] means = new double[tasks.size()];
        int least = Integer.MAX_VALUE;
        int count = 0;
        for (int i = 0; i < means.length; i++) {
            List<Double> values = tasks.get(i);
            means[i] =
                    values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
            least = Math.min(least, values.size());
            count += values.size();
        }
        int k = least;
        double pass = tasks.stream()
                .mapToDouble(values -> PassAtK.estimate(
                        values.size(),
                        (int) values.stream().filter(value -> value == 1).count(),
                        k))
                .average()
                .orElseThrow();
        return new Row(scorer, point, means.length, count, new Bootstrap(SEED).mean(means), k, pass);
    }
}
