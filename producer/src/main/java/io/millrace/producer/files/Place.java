package io.millrace.producer.files;

/**
 * Where something of the user's stands: a line of a text file, printed as {@code file:12}, or a row of a table, {@code
 * file: row 12}.
 *
 * <p>Immutable.
 *
 * @param row whether the number counts rows and not lines
 * @param number counted from 1
 */
public record Place(String file, boolean row, long number) {

    /** Without the file. */
    String inFile() {
        return (row ? "row " : "line ") + number;
    }

    @Override
    public String toString() {
        return file + (row ? ": row " : ":") + number;
    }
}
