package io.millrace.producer.jsonschema;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.producer.score.Sample;
import io.millrace.producer.score.Score;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonScorersTest {
    private static final Map<String, Object> SCHEMA = Map.of(
            "type", "object",
            "properties", Map.of("age", Map.of("type", "integer", "minimum", 0)),
            "required", List.of("age"));

    @Test
    void anAnswerIsJsonWhole() {
        for (String json : List.of("{\"a\": 1}", " [1, 2]\n", "7", "\"text\"", "null", "```json\n{\"a\": 1}\n```")) {
            assertThat(score(json)).as(json).contains(Score.right());
        }
        for (String text : List.of("", "{\"a\": 1", "{a: 1}", "{} {}", "Here: {}", "{\"a\": 1, \"a\": 2}", "NaN")) {
            assertThat(score(text).map(Score::value)).as(text).contains(0.0);
        }
    }

    @Test
    void anAnswerFollowsItsTasksSchema() {
        assertThat(bySchema("{\"age\": 3}", SCHEMA)).contains(Score.right());
        assertThat(bySchema("{\"age\": -3}", SCHEMA))
                .hasValueSatisfying(score -> assertThat(score.detail()).contains("/age", "minimum"));
        assertThat(bySchema("{}", "{\"required\": [\"age\"]}").map(Score::detail))
                .hasValueSatisfying(detail -> assertThat(detail).contains("age"));
        assertThat(bySchema("{", SCHEMA).map(Score::detail))
                .hasValueSatisfying(detail -> assertThat(detail).startsWith("not JSON"));
        assertThat(new JsonSchemaScorer(List.of("schema")).score(new Sample("", "{}", Map.of())))
                .isEmpty();
    }

    private static Optional<Score> score(String answer) {
        return new JsonScorer().score(new Sample("", answer, Map.of()));
    }

    private static Optional<Score> bySchema(String answer, Object schema) {
        return new JsonSchemaScorer(List.of("schema")).score(new Sample("", answer, Map.of("schema", schema)));
    }
}
