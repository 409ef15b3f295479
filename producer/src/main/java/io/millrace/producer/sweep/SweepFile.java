package io.millrace.producer.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.millrace.job.InvalidFieldException;
import io.millrace.producer.files.InputException;
import io.millrace.producer.plan.Sweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a sweep's configuration, YAML or JSON: what all points have, a {@code grid} whose axes are multiplied, single
 * {@code points}, and {@code scorers}. A sampling configuration of the reference project is told by its {@code
 * configurations}.
 *
 * <p>Confined to the calling thread.
 */
public final class SweepFile {
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());
    private static final Set<String> NAMES =
            Set.of("params", "system", "template", "model", "grid", "points", "scorers");

    private final String name;
    private final JsonNode root;

    private SweepFile(String name, JsonNode root) {
        this.name = name;
        this.root = root;
    }

    /** @throws InputException when it is no configuration; the message names the field */
    public static SweepConfig read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InputException(file + ": no such file; a sweep's configuration is YAML with grid or points");
        }
        try {
            return new SweepFile(file.toString(), YAML.readTree(Files.readAllBytes(file))).config();
        } catch (JsonProcessingException e) {
            String line = e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr();
            throw new InputException(file + line + ": is not YAML: "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        } catch (InvalidFieldException e) {
            throw new InputException(file + ": " + e.getMessage());
        }
    }

    private SweepConfig config() {
        if (!root.isObject()) {
            throw wrong("", "must be a map with grid or points, as in grid: {temperature: [0, 0.7]}");
        }
        if (root.has("configurations")) {
            return new SamplingConfig(name, root).config();
        }
        root.fieldNames().forEachRemaining(field -> {
            if (!NAMES.contains(field)) {
                throw wrong(
                        field,
                        "is not known here; there are params, system, template, model, grid, points and" + " scorers");
            }
        });
        PointMaker maker = new PointMaker(name, base());
        grid(maker);
        points(maker);
        if (maker.made().isEmpty()) {
            throw wrong("", "has neither grid nor points; give one, as in grid: {temperature: [0, 0.7]}");
        }
        return new SweepConfig(new Sweep(maker.made()), scorers(), List.of());
    }

    /** What all points have. */
    private Map<String, JsonNode> base() {
        Map<String, JsonNode> base = new LinkedHashMap<>();
        JsonNode params = root.path("params");
        if (!params.isMissingNode() && !params.isObject()) {
            throw wrong("params", "must be a map of sampling parameters");
        }
        for (Map.Entry<String, JsonNode> param : params.properties()) {
            if (PointMaker.OTHER.contains(param.getKey())) {
                throw wrong("params." + param.getKey(), "is no sampling parameter; write it beside params");
            }
            base.put(param.getKey(), param.getValue());
        }
        for (String other : PointMaker.OTHER) {
            if (root.has(other)) {
                base.put(other, root.get(other));
            }
        }
        return base;
    }

    /** All combinations, the last axis fastest. */
    private void grid(PointMaker maker) {
        JsonNode grid = root.path("grid");
        if (grid.isMissingNode()) {
            return;
        }
        if (!grid.isObject() || grid.isEmpty()) {
            throw wrong("grid", "must be a map of lists, as in temperature: [0, 0.7]");
        }
        List<Map<String, Choice>> combinations = List.of(Map.of());
        for (Map.Entry<String, JsonNode> axis : grid.properties()) {
            List<Choice> choices = choices(axis.getKey(), axis.getValue());
            List<Map<String, Choice>> longer = new ArrayList<>();
            for (Map<String, Choice> combination : combinations) {
                for (Choice choice : choices) {
                    Map<String, Choice> one = new LinkedHashMap<>(combination);
                    one.put(axis.getKey(), choice);
                    longer.add(one);
                }
            }
            if (longer.size() > Sweep.MAX_POINTS) {
                throw wrong(
                        "grid",
                        "has " + longer.size() + " points and more, and " + Sweep.MAX_POINTS
                                + " are the most; take an axis or values out");
            }
            combinations = longer;
        }
        for (Map<String, Choice> combination : combinations) {
            maker.add("grid", "", combination);
        }
    }

    /** A value of an axis: from a list, or with a name from a map. */
    private List<Choice> choices(String axis, JsonNode values) {
        List<Choice> choices = new ArrayList<>();
        if (values.isArray()) {
            for (JsonNode value : values) {
                choices.add(Choice.of(value, choices.size() + 1));
            }
        } else if (values.isObject()) {
            values.properties().forEach(named -> choices.add(new Choice(named.getKey(), named.getValue())));
        }
        if (choices.isEmpty()) {
            throw wrong("grid." + axis, "must be a list of values, or a map of names to values, not " + values);
        }
        return choices;
    }

    private void points(PointMaker maker) {
        JsonNode points = root.path("points");
        if (points.isMissingNode()) {
            return;
        }
        if (!points.isArray() || points.isEmpty()) {
            throw wrong("points", "must be a list of maps, as in - {label: cold, temperature: 0}");
        }
        int index = 0;
        for (JsonNode point : points) {
            String at = "points[" + index++ + "]";
            if (!point.isObject()) {
                throw wrong(at, "must be a map, as in {label: cold, temperature: 0}, not " + point);
            }
            Map<String, Choice> set = new LinkedHashMap<>();
            String label = "";
            for (Map.Entry<String, JsonNode> field : point.properties()) {
                if (field.getKey().equals("label")) {
                    label = field.getValue().asText();
                } else {
                    set.put(field.getKey(), Choice.of(field.getValue(), index));
                }
            }
            maker.add(at, label, set);
        }
    }

    private List<String> scorers() {
        JsonNode scorers = root.path("scorers");
        List<String> names = new ArrayList<>();
        if (scorers.isTextual()) {
            names.add(scorers.textValue());
        } else if (scorers.isArray()) {
            for (JsonNode scorer : scorers) {
                if (!scorer.isTextual()) {
                    throw wrong("scorers[" + names.size() + "]", "must be a scorer's name, not " + scorer);
                }
                names.add(scorer.textValue());
            }
        } else if (!scorers.isMissingNode()) {
            throw wrong("scorers", "must be a list of names, as in [number, exact:short_reference]");
        }
        return names;
    }

    private InputException wrong(String field, String what) {
        return new InputException(name + ": " + (field.isEmpty() ? "" : field + ": ") + what);
    }
}
