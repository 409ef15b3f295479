package io.millrace.worker.llama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The bundled model and the files of the tests. */
final class TestFiles {
    static final Path TINY_CHATML = Path.of("..", "models", "tiny-chatml-q8_0.gguf");
    static final Path LLAMA_VOCABULARY = resource("ggml-vocab-llama-spm.gguf");
    static final NativeRuntime RUNTIME = NativeRuntime.load(Optional.empty());
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A prompt of the bundled model's tasks and its greedy answer. */
    record Task(String id, String prompt, String reference) {}

    private TestFiles() {}

    static Path resource(String name) {
        return Path.of("src", "test", "resources", "llama", name);
    }

    static JsonNode json(String name) {
        try {
            return JSON.readTree(resource(name).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Task> tasks() {
        try {
            return Files.readAllLines(resource("tasks-20.jsonl")).stream()
                    .map(TestFiles::task)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Task task(String line) {
        try {
            JsonNode row = JSON.readTree(line);
            return new Task(
                    row.get("id").asText(),
                    row.get("prompt").asText(),
                    row.get("reference").asText());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
