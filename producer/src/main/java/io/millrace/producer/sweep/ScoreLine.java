package io.millrace.producer.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.producer.score.Score;
import java.io.IOException;

/**
 * A line of {@code scores.jsonl}.
 *
 * <p>Immutable.
 */
public record ScoreLine(String customId, String task, String point, int sample, String scorer, Score score) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static ScoreLine of(RunSample sample, String scorer, Score score) {
        return new ScoreLine(sample.customId(), sample.task(), sample.point(), sample.index(), scorer, score);
    }

    String json() throws IOException {
        return JSON.writeValueAsString(JSON.createObjectNode()
                .put("custom_id", customId)
                .put("task", task)
                .put("point", point)
                .put("sample", sample)
                .put("scorer", scorer)
                .put("score", score.value())
                .put("detail", score.detail()));
    }

    static ScoreLine read(String line) throws IOException {
        JsonNode node = JSON.readTree(line);
        return new ScoreLine(
                node.path("custom_id").asText(),
                node.path("task").asText(),
                node.path("point").asText(),
                node.path("sample").intValue(),
                node.path("scorer").asText(),
                new Score(node.path("score").doubleValue(), node.path("detail").asText()));
    }
}
