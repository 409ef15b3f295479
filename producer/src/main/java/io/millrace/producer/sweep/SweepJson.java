package io.millrace.producer.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.producer.files.OutputException;
import io.millrace.producer.plan.SweepPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code sweep.json} in the folder of a run: its points, and how they are scored.
 *
 * <p>Immutable.
 *
 * @param labels point to label, in their order; a run that is no sweep has the one point {@code p0}
 * @param scorers as they were asked for
 */
public record SweepJson(List<Label> labels, List<String> scorers) {
    static final String FILE = "sweep.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What people call a point. */
    public record Label(String point, String label) {}

    public SweepJson {
        labels = List.copyOf(labels);
        scorers = List.copyOf(scorers);
    }

    /** Writes the file, whole or not at all. */
    public static void write(Path folder, SweepConfig config, long tasks) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode points = root.putArray("points");
        for (SweepPoint point : config.sweep().points()) {
            ObjectNode one = points.addObject();
            one.put("id", point.id());
            one.put("label", point.label());
            ObjectNode params = one.putObject("params");
            for (Map.Entry<String, String> param : point.params().entrySet()) {
                params.set(param.getKey(), JSON.readTree(param.getValue()));
            }
            point.system().ifPresent(system -> one.put("system", system));
            point.template().ifPresent(template -> one.put("template", template.text()));
            point.model().ifPresent(model -> one.put("model", model));
        }
        ArrayNode scorers = root.putArray("scorers");
        config.scorers().forEach(scorers::add);
        root.put("tasks", tasks);
        Path temporary = folder.resolve(FILE + ".tmp");
        Files.writeString(temporary, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
        Files.move(
                temporary, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What the folder's run is; one point where it has no file. */
    public static SweepJson read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return new SweepJson(List.of(new Label("p0", "run")), List.of());
        }
        JsonNode root = JSON.readTree(Files.readAllBytes(file));
        List<Label> labels = new ArrayList<>();
        for (JsonNode point : root.path("points")) {
            labels.add(new Label(point.path("id").asText(), point.path("label").asText()));
        }
        List<String> scorers = new ArrayList<>();
        root.path("scorers").forEach(scorer -> scorers.add(scorer.asText()));
        if (labels.isEmpty()) {
            throw new OutputException(file + ": points: has none; run the sweep again, which writes it anew");
        }
        return new SweepJson(labels, scorers);
    }
}
