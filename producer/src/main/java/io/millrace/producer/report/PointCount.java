package io.millrace.producer.report;

import io.millrace.producer.score.Bootstrap;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Counts the answers of a point.
 *
 * <p>Confined to one thread.
 */
final class PointCount {
    private final Map<String, TaskScores> scores = new LinkedHashMap<>();
    private final SortedMap<String, Long> finishReasons = new TreeMap<>();
    private final LongStream.Builder characters = LongStream.builder();
    private final LongStream.Builder tokens = LongStream.builder();
    private final LongStream.Builder micros = LongStream.builder();
    private Cost cost = Cost.NONE;
    private boolean counted = true;
    private boolean costed = true;
    private long answered;
    private long failed;
    private long samples;
    private long identical;

    private PointCount() {}

    static PointCount of(Evaluation evaluation, int point) {
        PointCount count = new PointCount();
        for (String scorer : evaluation.scorers()) {
            count.scores.put(scorer, new TaskScores(evaluation.tasks().size()));
        }
        for (int task = 0; task < evaluation.tasks().size(); task++) {
            Answer answer = evaluation.tasks().get(task).answers().get(point);
            if (answer instanceof Answer.Answered given) {
                count.add(task, given);
            } else if (answer instanceof Answer.Failed) {
                count.failed++;
            }
        }
        return count;
    }

    private void add(int task, Answer.Answered answer) {
        answered++;
        costed &= answer.cost().isPresent();
        answer.cost().ifPresent(jobs -> {
            cost = cost.plus(jobs);
            micros.add(Math.round(jobs.generationMillis() * 1000));
        });
        List<Sample> given = answer.samples();
        for (Sample sample : given) {
            samples++;
            finishReasons.merge(sample.finishReason(), 1L, Long::sum);
            characters.add(sample.characters());
            counted &= sample.tokens().isPresent();
            sample.tokens().ifPresent(tokens::add);
            sample.scores().forEach((scorer, score) -> scores.get(scorer).add(task, score.score()));
        }
        if (given.size() > 1 && given.stream().map(Sample::text).distinct().count() == 1) {
            identical++;
        }
    }

    TaskScores scores(String scorer) {
        return scores.get(scorer);
    }

    PointFigures figures(Lengths.Bins characterBins, Lengths.Bins tokenBins, Bootstrap bootstrap) {
        Map<String, ScoreFigures> scored = new LinkedHashMap<>();
        scores.forEach((scorer, values) -> values.figures(bootstrap).ifPresent(figures -> scored.put(scorer, figures)));
        long[] times = micros.build().sorted().toArray();
        return new PointFigures(
                answered + failed,
                failed,
                samples,
                identical,
                finishReasons,
                lengths(characters.build().toArray(), characterBins, true),
                lengths(tokens.build().toArray(), tokenBins, counted),
                costed && answered > 0 ? Optional.of(cost) : Optional.empty(),
                times.length == 0
                        ? 0
                        : Arrays.stream(times)
                                        .skip(times.length / 2)
                                        .findFirst()
                                        .getAsLong()
                                / 1e6,
                scored);
    }

    private static Optional<Lengths> lengths(long[] lengths, Lengths.Bins bins, boolean complete) {
        return complete && lengths.length > 0 ? Optional.of(Lengths.of(lengths, bins)) : Optional.empty();
    }
}
