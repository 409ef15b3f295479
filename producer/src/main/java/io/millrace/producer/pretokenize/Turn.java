package io.millrace.producer.pretokenize;

import java.util.Objects;

/** What one side says. Immutable. */
public record Turn(Role role, String text) {
    public Turn {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(text, "text");
    }
}
