package io.millrace.producer.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.producer.files.InputException;
import io.millrace.producer.files.InputFile;
import io.millrace.producer.files.LineReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Scores of samples, from JSON lines {@code {"custom_id", "sample" or "index", "score"}}, perhaps with the {@code scorer}
 * that gave it, as in a run's scores.jsonl; all that count are kept in memory.
 *
 * <p>Immutable once read.
 */
final class Scores {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MAX_INDEX = 1023;
    private static final String REMEDY = "; write {\"custom_id\", \"sample\", \"score\"} a line";

    private final Optional<String> wanted;
    private final Map<String, double[]> scores = new HashMap<>();
    private final Set<String> scorers = new TreeSet<>();

    private Scores(Optional<String> wanted) {
        this.wanted = wanted;
    }

    static Scores read(ScoreFile from) throws IOException {
        Scores scores = new Scores(from.scorer());
        InputFile file = InputFile.of(from.path());
        try (LineReader lines = file.open()) {
            while (lines.advance()) {
                if (!lines.blank()) {
                    scores.add(file.name() + ":" + lines.number(), lines);
                }
            }
        }
        scores.requireOneScorer(file.name());
        return scores;
    }

    private void requireOneScorer(String name) {
        if (wanted.isEmpty() && scorers.size() > 1) {
            throw new InputException(name + ": has scores by " + String.join(", ", scorers) + "; name one by --scorer");
        }
        if (wanted.isPresent() && !scorers.contains(wanted.get())) {
            throw new InputException(name + ": has no scores by " + wanted.get() + ", but by "
                    + (scorers.isEmpty() ? "nobody it names" : String.join(", ", scorers)) + "; name one by --scorer");
        }
    }

    private void add(String place, LineReader lines) throws IOException {
        JsonNode line;
        try {
            line = MAPPER.readTree(lines.bytes(), lines.start(), lines.length());
        } catch (JsonProcessingException e) {
            throw new InputException(place + ": is not JSON" + REMEDY);
        }
        String scorer = line.path("scorer").asText("");
        if (!scorer.isEmpty()) {
            scorers.add(scorer);
        }
        if (wanted.isPresent() && !wanted.get().equals(scorer)) {
            return;
        }
        JsonNode id = line.path("custom_id");
        JsonNode index = line.has("sample") ? line.path("sample") : line.path("index");
        JsonNode score = line.path("score");
        if (!id.isTextual() || !score.isNumber()) {
            throw new InputException(place + ": " + (id.isTextual() ? "score" : "custom_id")
                    + ": is missing or of the wrong type" + REMEDY);
        }
        int sample = index.intValue();
        if (!index.isInt() || sample < 0 || sample > MAX_INDEX) {
            throw new InputException(
                    place + ": " + (line.has("sample") ? "sample" : "index") + ": must be a sample's index from 0 to "
                            + MAX_INDEX + ", not " + (index.isMissingNode() ? "missing" : index));
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
