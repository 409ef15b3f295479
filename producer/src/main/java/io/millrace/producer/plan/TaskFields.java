package io.millrace.producer.plan;

import java.util.Optional;

/** Reads the fields of a task's metadata, which is JSON and so a matter of those who know JSON. */
@FunctionalInterface
public interface TaskFields {
    /** Knows none. */
    TaskFields NONE = (metadata, field) -> Optional.empty();

    /**
     * A field's value: a text as it is, anything else as JSON.
     *
     * @param metadata a JSON object, or empty text
     * @return empty where the field is absent or null
     */
    Optional<String> text(String metadata, String field);
}
