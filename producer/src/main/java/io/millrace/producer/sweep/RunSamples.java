package io.millrace.producer.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.job.Message;
import io.millrace.producer.files.OutputException;
import io.millrace.producer.files.PromptFile;
import io.millrace.producer.plan.Sweep;
import io.millrace.producer.score.Sample;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The samples of a complete run's answered jobs, in the jobs' order; one job in memory at a time.
 *
 * <p>Confined to the reading thread.
 */
public final class RunSamples implements Closeable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path results;
    private final BufferedReader lines;
    private final Optional<PromptFile.Reader> prompts;
    private long number;

    /** @throws OutputException when the folder holds no complete run */
    public RunSamples(Path folder) throws IOException {
        results = folder.resolve("results.jsonl");
        if (!Files.exists(results)) {
            throw new OutputException(folder + ": holds no results.jsonl; name the folder of a complete run");
        }
        prompts = PromptFile.open(folder);
        lines = Files.newBufferedReader(results);
    }

    /** The samples of the next job; none at the end. */
    public List<RunSample> next() throws IOException {
        String text = lines.readLine();
        if (text == null) {
            return List.of();
        }
        number++;
        JsonNode line = JSON.readTree(text);
        JsonNode choices = line.path("response").path("body").path("choices");
        String id = line.path("id").asText();
        int dash = id.lastIndexOf('-');
        if (dash < 0 || !choices.isArray()) {
            throw new OutputException(results + ":" + number + ": is not a result of a run; collect the run again");
        }
        String customId = line.path("custom_id").asText();
        JsonNode metadata = line.path("metadata");
        JsonNode sweep = metadata.path(Sweep.FIELD);
        Map<String, Object> fields = new LinkedHashMap<>();
        metadata.properties().forEach(field -> {
            if (!field.getKey().equals(Sweep.FIELD) && !field.getValue().isNull()) {
                fields.put(field.getKey(), plain(field.getValue()));
            }
        });
        String prompt = sweep.path(Sweep.PROMPT).asText(prompt(Long.parseLong(id.substring(dash + 1))));
        List<RunSample> samples = new ArrayList<>();
        for (JsonNode choice : choices) {
            samples.add(new RunSample(
                    customId,
                    sweep.path("task").asText(customId),
                    sweep.path("point").asText("p0"),
                    choice.path("index").intValue(),
                    new Sample(prompt, choice.path("message").path("content").asText(), fields)));
        }
        return samples;
    }

    /** The last message of the user; empty where the run was collected without prompts. */
    private String prompt(long index) throws IOException {
        if (prompts.isEmpty()) {
            return "";
        }
        String last = "";
        for (Message message : prompts.get().messages(index)) {
            last = message.role().equals(Message.USER) ? message.content() : last;
        }
        return last;
    }

    /** As Java's own types; what is null in a map is left out, and in a list empty. */
    private static Object plain(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> map = new LinkedHashMap<>();
            node.properties().forEach(field -> {
                if (!field.getValue().isNull()) {
                    map.put(field.getKey(), plain(field.getValue()));
                }
            });
            return map;
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(element -> list.add(plain(element)));
            return list;
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isNumber() ? node.numberValue() : node.asText("");
    }

    @Override
    public void close() throws IOException {
        try (BufferedReader first = lines) {
            if (prompts.isPresent()) {
                prompts.get().close();
            }
        }
    }
}
