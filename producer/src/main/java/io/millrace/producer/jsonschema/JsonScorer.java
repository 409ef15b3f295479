package io.millrace.producer.jsonschema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.producer.score.Sample;
import io.millrace.producer.score.Score;
import io.millrace.producer.score.Scorer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the answer, or the only thing in it, a fenced block, is one JSON value. Thread-safe. */
public final class JsonScorer implements Scorer {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Pattern FENCED = Pattern.compile("^```[A-Za-z]*\\s*(.*?)\\s*```$", Pattern.DOTALL);

    @Override
    public Optional<Score> score(Sample sample) {
        try {
            parse(sample.text());
            return Optional.of(Score.right());
        } catch (JsonProcessingException e) {
            return Optional.of(Score.wrong(fault(e)));
        }
    }

    /** Whether a text is JSON. */
    public static boolean isJson(String text) {
        try {
            parse(text);
            return true;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    static JsonNode parse(String answer) throws JsonProcessingException {
        String text = answer.strip();
        Matcher fenced = FENCED.matcher(text);
        JsonNode node = JSON.readTree(fenced.matches() ? fenced.group(1) : text);
        if (node.isMissingNode()) {
            throw new NoJson();
        }
        return node;
    }

    static String fault(JsonProcessingException e) {
        return "not JSON: " + e.getOriginalMessage().lines().findFirst().orElse("");
    }

    /** Nothing at all. */
    private static final class NoJson extends JsonProcessingException {
        private static final long serialVersionUID = 1L;

        NoJson() {
            super("the answer is empty");
        }
    }
}
