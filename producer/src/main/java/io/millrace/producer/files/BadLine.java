package io.millrace.producer.files;

/**
 * A line of input that is no task; printed as {@code <file>:<line>: <field>: <what and remedy>}.
 *
 * <p>Immutable.
 *
 * @param line counted from 1
 * @param field the field's name, with dots and indices on the way to it; empty where the line as a whole is wrong
 */
public record BadLine(String file, long line, String field, String what) {

    @Override
    public String toString() {
        return file + ":" + line + ": " + (field.isEmpty() ? "" : field + ": ") + what;
    }
}
