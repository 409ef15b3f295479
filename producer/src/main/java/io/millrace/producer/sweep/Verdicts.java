package io.millrace.producer.sweep;

import io.millrace.producer.score.Score;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a judge said in a run of its own. The last text in double brackets counts: a rating, which is divided by the
 * scale, or {@code yes} or {@code no}; of several samples of the judge the mean.
 *
 * <p>Immutable.
 */
public final class Verdicts implements RunScorer {
    private static final Pattern VERDICT =
            Pattern.compile("\\[\\[\\s*(?:(\\d+(?:\\.\\d+)?)|(yes|no))\\s*\\]\\]", Pattern.CASE_INSENSITIVE);

    private final Map<String, Score> scores;

    private Verdicts(Map<String, Score> scores) {
        this.scores = Map.copyOf(scores);
    }

    /**
     * Reads the folder of the judge's run.
     *
     * @param scale the best rating
     */
    public static Verdicts read(Path folder, double scale) throws IOException {
        Map<String, Score> scores = new HashMap<>();
        try (RunSamples judged = new RunSamples(folder)) {
            for (List<RunSample> job = judged.next(); !job.isEmpty(); job = judged.next()) {
                double[] values = job.stream()
                        .flatMap(sample -> verdict(sample.sample().text(), scale).stream())
                        .mapToDouble(Double::doubleValue)
                        .toArray();
                if (values.length > 0) {
                    double mean = Arrays.stream(values).average().orElseThrow();
                    scores.put(job.get(0).customId(), new Score(mean, "rated " + mean * scale + " of " + scale));
                }
            }
        }
        return new Verdicts(scores);
    }

    static Optional<Double> verdict(String text, double scale) {
        Optional<Double> last = Optional.empty();
        Matcher matcher = VERDICT.matcher(text);
        while (matcher.find()) {
            last = Optional.of(
                    matcher.group(1) == null
                            ? (matcher.group(2).equalsIgnoreCase("yes") ? 1.0 : 0.0)
                            : Math.min(1, Double.parseDouble(matcher.group(1)) / scale));
        }
        return last;
    }

    @Override
    public Optional<Score> score(RunSample sample) {
        return Optional.ofNullable(scores.get(JudgeTasks.name(sample)));
    }
}
