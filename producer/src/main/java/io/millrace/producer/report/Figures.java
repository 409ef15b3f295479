package io.millrace.producer.report;

import io.millrace.producer.score.Bootstrap;
import java.util.ArrayList;
import java.util.List;

/**
 * An evaluation in numbers. The same evaluation gives the same numbers.
 *
 * <p>Immutable.
 *
 * @param characters bins of all points' lengths in characters
 * @param tokens the same in tokens
 * @param points in the evaluation's order
 */
public record Figures(
        Lengths.Bins characters,
        Lengths.Bins tokens,
        List<PointFigures> points,
        List<Comparison> comparisons,
        List<SweptParameter> swept) {
    /** Up to so many points every pair is compared; with more, each with the first. */
    private static final int ALL_PAIRS = 12;

    private static final Bootstrap BOOTSTRAP = new Bootstrap(0);

    public Figures {
        points = List.copyOf(points);
        comparisons = List.copyOf(comparisons);
        swept = List.copyOf(swept);
    }

    public static Figures of(Evaluation evaluation) {
        long characters = 0;
        long tokens = 0;
        for (EvaluatedTask task : evaluation.tasks()) {
            for (Answer answer : task.answers()) {
                for (Sample sample : answer.samples()) {
                    characters = Math.max(characters, sample.characters());
                    tokens = Math.max(tokens, sample.tokens().orElse(0));
                }
            }
        }
        Lengths.Bins characterBins = Lengths.Bins.upTo(characters);
        Lengths.Bins tokenBins = Lengths.Bins.upTo(tokens);
        List<PointCount> counts = new ArrayList<>();
        for (int i = 0; i < evaluation.points().size(); i++) {
            counts.add(PointCount.of(evaluation, i));
        }
        return new Figures(
                characterBins,
                tokenBins,
                counts.stream()
                        .map(count -> count.figures(characterBins, tokenBins, BOOTSTRAP))
                        .toList(),
                comparisons(evaluation, counts),
                SweptParameter.of(evaluation));
    }

    private static List<Comparison> comparisons(Evaluation evaluation, List<PointCount> counts) {
        List<Comparison> comparisons = new ArrayList<>();
        int firsts = counts.size() <= ALL_PAIRS ? counts.size() : 1;
        for (String scorer : evaluation.scorers()) {
            for (int first = 0; first < firsts; first++) {
                for (int second = first + 1; second < counts.size(); second++) {
                    TaskScores.compare(
                                    scorer,
                                    first,
                                    second,
                                    counts.get(first).scores(scorer),
                                    counts.get(second).scores(scorer),
                                    BOOTSTRAP)
                            .ifPresent(comparisons::add);
                }
            }
        }
        return comparisons;
    }
}
