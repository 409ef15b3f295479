package io.millrace.producer.sandbox;

import java.util.Objects;

/**
 * How a program ended.
 *
 * <p>Immutable.
 *
 * @param stopped why it was stopped from outside; empty when it ended by itself
 * @param status its exit status; that of a stopped one says nothing
 * @param output the end of what it printed on both streams
 */
public record Outcome(String stopped, int status, String output) {

    public Outcome {
        Objects.requireNonNull(stopped, "stopped");
        Objects.requireNonNull(output, "output");
    }

    /** Whether it ended by itself and well. */
    public boolean well() {
        return stopped.isEmpty() && status == 0;
    }

    /** Why it did not, in a line. */
    public String fault() {
        if (!stopped.isEmpty()) {
            return stopped;
        }
        String last = output.strip().lines().reduce("", (first, second) -> second);
        return "exit status " + status + (last.isEmpty() ? "" : ": " + last);
    }
}
