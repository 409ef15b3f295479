package io.millrace.producer.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A point in numbers.
 *
 * <p>Immutable.
 *
 * @param jobs answered and failed
 * @param identical jobs of several samples that all have the same text
 * @param finishReasons samples by reason
 * @param characters none without samples
 * @param tokens none where some sample was not counted
 * @param cost of all jobs; none where some answer does not say
 * @param medianSeconds of generation, of the jobs with a cost
 * @param scores by scorer, only those that scored something here
 */
public record PointFigures(
        long jobs,
        long failed,
        long samples,
        long identical,
        SortedMap<String, Long> finishReasons,
        Optional<Lengths> characters,
        Optional<Lengths> tokens,
        Optional<Cost> cost,
        double medianSeconds,
        Map<String, ScoreFigures> scores) {

    public PointFigures {
        finishReasons = Collections.unmodifiableSortedMap(new TreeMap<>(finishReasons));
        Objects.requireNonNull(characters, "characters");
        Objects.requireNonNull(tokens, "tokens");
        Objects.requireNonNull(cost, "cost");
        scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
    }

    /** The part of the samples that were cut by their length. */
    public double truncated() {
        return samples == 0 ? 0 : finishReasons.getOrDefault(Sample.LENGTH, 0L) / (double) samples;
    }
}
