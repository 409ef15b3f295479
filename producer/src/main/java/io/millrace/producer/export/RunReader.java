package io.millrace.producer.export;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.job.Message;
import io.millrace.producer.files.OutputException;
import io.millrace.producer.files.PromptFile;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The answered jobs of a complete run in their order, each with its prompt; one in memory at a time.
 *
 * <p>Confined to the exporting thread.
 */
final class RunReader implements Closeable {
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build()
            .reader();

    private final Path results;
    private final BufferedReader lines;
    private final Optional<PromptFile.Reader> prompts;
    private long number;

    RunReader(Path folder) throws IOException {
        results = folder.resolve("results.jsonl");
        if (!Files.exists(results)) {
            throw new OutputException(folder + ": holds no results.jsonl; name the folder of a complete run");
        }
        prompts = PromptFile.open(folder);
        lines = Files.newBufferedReader(results);
    }

    boolean hasPrompts() {
        return prompts.isPresent();
    }

    Optional<ExportRow> next() throws IOException {
        String text = lines.readLine();
        if (text == null) {
            return Optional.empty();
        }
        number++;
        JsonNode line = JSON.readTree(text);
        JsonNode body = line.path("response").path("body");
        String id = line.path("id").asText();
        int dash = id.lastIndexOf('-');
        if (dash < 0 || !body.path("choices").isArray()) {
            throw new OutputException(results + ":" + number + ": is not a result of a run; collect the run again");
        }
        long index = Long.parseLong(id.substring(dash + 1));
        List<Completion> completions = new ArrayList<>();
        JsonNode tokens = line.path("millrace").path("completion_tokens");
        for (JsonNode choice : body.path("choices")) {
            int sample = choice.path("index").intValue();
            completions.add(new Completion(
                    sample,
                    choice.path("message").path("content").asText(),
                    choice.path("finish_reason").asText(),
                    tokens.path(sample).asLong()));
        }
        List<Message> messages = prompts.isPresent() ? prompts.get().messages(index) : List.of();
        return Optional.of(new ExportRow(
                index,
                line.path("custom_id").asText(),
                messages,
                completions,
                body.path("model").asText(),
                line.path("metadata"),
                line));
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
