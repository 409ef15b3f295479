package io.millrace.producer.sandbox;

import java.util.List;
import java.util.Objects;

/**
 * A source file and the command that runs it, in the folder where the file lies.
 *
 * <p>Immutable.
 *
 * @param file its name
 * @param limits what it may use
 */
public record Program(String file, String source, List<String> command, Limits limits) {

    public Program {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(limits, "limits");
        command = List.copyOf(command);
    }
}
