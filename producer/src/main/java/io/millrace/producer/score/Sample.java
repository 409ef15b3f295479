package io.millrace.producer.score;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An answer and the task it answers.
 *
 * <p>Immutable.
 *
 * @param prompt the user's last message of the task
 * @param text the answer
 * @param fields the task's other fields, as JSON has them: text, number, boolean, list and map; none is null
 */
public record Sample(String prompt, String text, Map<String, Object> fields) {

    public Sample {
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(text, "text");
        fields = Map.copyOf(fields);
    }

    /** A field as text; empty where it is missing or is a list or a map. */
    public Optional<String> field(String name) {
        Object value = fields.get(name);
        return value == null || value instanceof List || value instanceof Map
                ? Optional.empty()
                : Optional.of(value.toString());
    }

    /** A field that is a list; empty where it is anything else. */
    public List<?> list(String name) {
        return fields.get(name) instanceof List<?> list ? list : List.of();
    }
}
