package io.millrace.producer.score;

import java.util.List;
import java.util.Optional;

/**
 * Where a task's right answer stands: in the first of these fields that it has.
 *
 * <p>Immutable.
 */
public record Reference(List<String> fields) {
    /** As datasets commonly call it. */
    public static final Reference USUAL = new Reference(List.of("reference", "answer", "target", "expected"));

    public Reference {
        fields = List.copyOf(fields);
    }

    /** In this field alone. */
    public static Reference in(String field) {
        return new Reference(List.of(field));
    }

    Optional<String> of(Sample sample) {
        return fields.stream().flatMap(field -> sample.field(field).stream()).findFirst();
    }
}
