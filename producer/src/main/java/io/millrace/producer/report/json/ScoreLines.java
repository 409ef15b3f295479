package io.millrace.producer.report.json;

import io.millrace.producer.files.OutputException;
import io.millrace.producer.report.ScoredSample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The lines of scores.jsonl; a sample that was scored twice by a scorer has the later score.
 *
 * <p>Immutable once it is read.
 */
final class ScoreLines {
    private final Set<String> scorers = new LinkedHashSet<>();
    private final Map<String, Map<Integer, Map<String, ScoredSample>>> byJob = new HashMap<>();

    private ScoreLines() {}

    static ScoreLines read(Path file) throws IOException {
        ScoreLines scores = new ScoreLines();
        JsonFile.lines(file, (line, number) -> {
            if (!line.path("custom_id").isTextual()
                    || !line.path("scorer").isTextual()
                    || !line.path("score").isNumber()) {
                throw new OutputException(file + ":" + number
                        + ": needs custom_id, scorer and a number as score; millrace score writes the file again");
            }
            String scorer = line.path("scorer").textValue();
            scores.scorers.add(scorer);
            scores.byJob
                    .computeIfAbsent(line.path("custom_id").textValue(), id -> new HashMap<>())
                    .computeIfAbsent(line.path("sample").asInt(), sample -> new LinkedHashMap<>())
                    .put(
                            scorer,
                            new ScoredSample(
                                    line.path("score").doubleValue(),
                                    line.path("detail").asText()));
        });
        return scores;
    }

    /** In the order in which they come up. */
    Set<String> scorers() {
        return scorers;
    }

    /** By sample and scorer. */
    Map<Integer, Map<String, ScoredSample>> of(String customId) {
        return byJob.getOrDefault(customId, Map.of());
    }
}
