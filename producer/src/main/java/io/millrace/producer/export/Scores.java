package io.millrace.producer.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.producer.files.InputException;
import io.millrace.producer.files.InputFile;
import io.millrace.producer.files.LineReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Scores of samples, from JSON lines {@code {"custom_id", "index", "score"}}; all of them are kept in memory.
 *
 * <p>Immutable once read.
 */
final class Scores {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MAX_INDEX = 1023;

    private final Map<String, double[]> scores = new HashMap<>();

    static Scores read(Path path) throws IOException {
        Scores scores = new Scores();
        InputFile file = InputFile.of(path);
        try (LineReader lines = file.open()) {
            while (lines.advance()) {
                if (!lines.blank()) {
                    scores.add(file.name() + ":" + lines.number(), lines);
                }
            }
        }
        return scores;
    }

    private void add(String place, LineReader lines) throws IOException {
        JsonNode line;
        try {
            line = MAPPER.readTree(lines.bytes(), lines.start(), lines.length());
        } catch (JsonProcessingException e) {
            throw new InputException(place + ": is not JSON; write {\"custom_id\", \"index\", \"score\"} a line");
        }
        JsonNode id = line.path("custom_id");
        JsonNode index = line.path("index");
        JsonNode score = line.path("score");
        if (!id.isTextual() || !score.isNumber()) {
            throw new InputException(place + ": " + (id.isTextual() ? "score" : "custom_id")
                    + ": is missing or of the wrong type; write {\"custom_id\", \"index\", \"score\"} a line");
        }
        int sample = index.intValue();
        if (!index.isInt() || sample < 0 || sample > MAX_INDEX) {
            throw new InputException(
                    place + ": index: must be a sample's index from 0 to " + MAX_INDEX + ", not " + index);
        }
        double[] known = scores.getOrDefault(id.textValue(), new double[0]);
        if (known.length <= sample) {
            int length = known.length;
            known = Arrays.copyOf(known, sample + 1);
            Arrays.fill(known, length, sample + 1, Double.NaN);
        }
        known[sample] = score.doubleValue();
        scores.put(id.textValue(), known);
    }

    /** NaN where there is none. */
    double of(String customId, int sample) {
        double[] known = scores.get(customId);
        return known == null || sample >= known.length ? Double.NaN : known[sample];
    }
}
