package io.millrace.producer.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The answers in the folder of a complete run.
 *
 * <p>Immutable.
 */
public final class AnsweredJobs {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path results;
    private final String start;

    public AnsweredJobs(Path folder, String runId) {
        this.results = new OutputFolder(folder).results();
        this.start = OpenAiResultLine.start(runId);
    }

    /** A job's name and the texts of its samples, in their order. */
    public record Answer(String customId, List<String> texts) {}

    /** Which jobs were answered. */
    public List<Long> indexes() throws IOException {
        List<Long> indexes = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(results)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                indexes.add(index(line));
            }
        }
        return indexes;
    }

    /** The answers of these jobs. */
    public SortedMap<Long, Answer> read(Set<Long> indexes) throws IOException {
        SortedMap<Long, Answer> answers = new TreeMap<>();
        try (BufferedReader reader = Files.newBufferedReader(results)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                long index = index(line);
                if (indexes.contains(index)) {
                    answers.put(index, answer(JSON.readTree(line)));
                }
            }
        }
        return answers;
    }

    private static Answer answer(JsonNode line) {
        List<String> texts = new ArrayList<>();
        for (JsonNode choice : line.path("response").path("body").path("choices")) {
            texts.add(choice.path("message").path("content").asText());
        }
        return new Answer(line.path("custom_id").asText(), texts);
    }

    private long index(String line) {
        if (!line.startsWith(start)) {
            throw new OutputException(
                    results + ": has a line of another run: " + line.substring(0, Math.min(80, line.length())));
        }
        return Long.parseLong(line.substring(start.length(), line.indexOf('"', start.length())));
    }
}
