package io.millrace.producer.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.job.InvalidFieldException;
import io.millrace.producer.files.InputException;
import io.millrace.producer.files.LineException;
import io.millrace.producer.files.ParamFields;
import io.millrace.producer.plan.ParamPatch;
import io.millrace.producer.plan.PromptTemplate;
import io.millrace.producer.plan.SweepPoint;
import io.millrace.producer.plan.SystemMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes the points of a sweep one after the other out of fields and values.
 *
 * <p>Confined to the calling thread.
 */
final class PointMaker {
    /** What a point may set beside sampling parameters. */
    static final List<String> OTHER = List.of("system", "template", "model");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String file;
    private final Map<String, JsonNode> base;
    private final List<SweepPoint> made = new ArrayList<>();

    /** @param base what every point has unless it says otherwise */
    PointMaker(String file, Map<String, JsonNode> base) {
        this.file = file;
        this.base = base;
    }

    List<SweepPoint> made() {
        return made;
    }

    /**
     * Adds a point.
     *
     * @param at where in the file it is said
     * @param label empty for one made of the values
     */
    void add(String at, String label, Map<String, Choice> set) {
        Map<String, JsonNode> all = new LinkedHashMap<>(base);
        set.forEach((field, choice) -> all.put(field, choice.value()));
        String told = label.isEmpty()
                ? set.entrySet().stream()
                        .map(one -> one.getKey() + "=" + one.getValue().name())
                        .collect(Collectors.joining(" "))
                : label;
        try {
            made.add(point(told.isEmpty() ? "as given" : told, all));
        } catch (LineException e) {
            throw new InputException(
                    file + ": " + at + (e.field().isEmpty() ? "" : "." + e.field()) + ": " + e.getMessage());
        } catch (InvalidFieldException e) {
            throw new InputException(file + ": " + at + "." + e.field() + ": " + e.rule() + ", not " + e.value());
        }
    }

    private SweepPoint point(String label, Map<String, JsonNode> fields) throws LineException {
        ObjectNode params = JSON.createObjectNode();
        SortedMap<String, String> values = new TreeMap<>();
        fields.forEach((field, value) -> {
            if (!OTHER.contains(field)) {
                params.set(field, value);
                values.put(field, value.toString());
            }
        });
        ParamPatch patch = ParamFields.read(params.toString());
        return new SweepPoint(
                "p" + made.size(),
                label,
                values,
                patch,
                text(fields, "system").map(text -> SystemMessage.of(text).orElse("")),
                text(fields, "template").map(PromptTemplate::of),
                model(fields));
    }

    private static Optional<String> model(Map<String, JsonNode> fields) throws LineException {
        Optional<String> model = text(fields, "model");
        if (model.isPresent() && model.get().isBlank()) {
            throw new LineException(
                    "model", "must be a model's name, or a GGUF file with --local; leave it out for the" + " run's");
        }
        return model;
    }

    private static Optional<String> text(Map<String, JsonNode> fields, String field) throws LineException {
        JsonNode value = fields.get(field);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw new LineException(field, "must be a text, not " + value);
        }
        return Optional.of(value.textValue());
    }
}
