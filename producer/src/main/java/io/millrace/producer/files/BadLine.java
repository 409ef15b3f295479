package io.millrace.producer.files;

/**
 * A line or row of input that is no task; printed as {@code <place>: <field>: <what and remedy>}.
 *
 * <p>Immutable.
 *
 * @param field the field's name, with dots and indices on the way to it; empty where the line as a whole is wrong
 */
public record BadLine(Place place, String field, String what) {

    @Override
    public String toString() {
        return place + ": " + (field.isEmpty() ? "" : field + ": ") + what;
    }
}
