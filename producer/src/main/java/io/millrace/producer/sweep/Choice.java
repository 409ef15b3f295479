package io.millrace.producer.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/**
 * A value on an axis of a sweep.
 *
 * <p>Immutable.
 *
 * @param name for people
 */
record Choice(String name, JsonNode value) {
    private static final int LONGEST_NAME = 32;

    Choice {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
    }

    /** Named after itself where it is short, else by its place. */
    static Choice of(JsonNode value, int number) {
        String text = value.isTextual() ? value.textValue() : value.toString();
        boolean shows = text.length() <= LONGEST_NAME && text.lines().count() == 1;
        return new Choice(shows ? text : "#" + number, value);
    }
}
