package io.millrace.producer.report.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.producer.files.OutputException;
import io.millrace.producer.report.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The points of a run: those of sweep.json, or one. Each has the run's sampling with what it sets itself. Thread-safe. */
final class SweepPoints {
    private static final List<String> SAMPLING = List.of(
            "temperature",
            "top_p",
            "top_k",
            "min_p",
            "repeat_penalty",
            "repeat_last_n",
            "presence_penalty",
            "frequency_penalty",
            "max_tokens",
            "n");
    private static final List<String> TEXTS = List.of("system", "template", "model");

    private SweepPoints() {}

    static List<Point> read(Path folder, JsonNode run) throws IOException {
        Path file = folder.resolve("sweep.json");
        Map<String, String> options = options(run);
        if (!Files.exists(file)) {
            String label = options.containsKey("temperature")
                    ? "temperature=" + options.get("temperature")
                    : run.path("model").asText();
            return List.of(new Point(0, "p0", label, options, Map.of()));
        }
        List<Point> points = new ArrayList<>();
        for (JsonNode node : JsonFile.read(file, "a sweep").path("points")) {
            if (!node.path("id").isTextual()) {
                throw new OutputException(
                        file + ": point " + (points.size() + 1) + " has no id; put back the file that the sweep wrote");
            }
            Map<String, String> params = new LinkedHashMap<>(options);
            node.path("params")
                    .properties()
                    .forEach(
                            param -> params.put(param.getKey(), param.getValue().toString()));
            Map<String, String> texts = new LinkedHashMap<>();
            for (String name : TEXTS) {
                if (node.path(name).isTextual()) {
                    texts.put(name, node.path(name).textValue());
                }
            }
            String id = node.path("id").textValue();
            points.add(new Point(0, id, node.path("label").asText(id), params, texts));
        }
        if (points.isEmpty()) {
            throw new OutputException(file + ": has no points; put back the file that the sweep wrote");
        }
        return points;
    }

    private static Map<String, String> options(JsonNode run) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String name : SAMPLING) {
            JsonNode value = run.path("options").path(name);
            if (value.isTextual()) {
                options.put(name, value.textValue());
            }
        }
        return options;
    }
}
