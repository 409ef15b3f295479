package io.millrace.producer.files;

import java.io.IOException;
import java.util.Optional;

/** The name that a row gives itself. Thread-safe. */
public final class CustomId {
    private static final int MAX_CHARACTERS = 512;

    private CustomId() {}

    /** From {@code custom_id}, else {@code id}; the field is then used. Empty where the row has neither. */
    public static Optional<String> of(RawObject row) throws IOException, LineException {
        return of(row, row.has("custom_id") ? "custom_id" : "id");
    }

    /** From the field of this name. */
    public static Optional<String> of(RawObject row, String name) throws IOException, LineException {
        int field = row.find(name);
        if (field < 0) {
            return Optional.empty();
        }
        String id = switch (row.token(field)) {
            case VALUE_STRING -> row.text(field);
            case VALUE_NUMBER_INT -> row.raw(field);
            default -> throw new LineException(name, "must be a text or a whole number, not " + row.shown(field));
        };
        if (id.isEmpty() || id.length() > MAX_CHARACTERS) {
            throw new LineException(name, "must have 1 to " + MAX_CHARACTERS + " characters, not " + id.length());
        }
        row.use(field);
        return Optional.of(id);
    }
}
