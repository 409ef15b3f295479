package io.millrace.producer.files;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The input cannot be used as it is; the message is for the user and says where and what to do.
 *
 * <p>Immutable.
 */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(message);
    }

    /** The message has one bad line a line and says how many more there are. */
    public static InputException of(List<BadLine> first, long total) {
        return of(first, total, "--skip-bad-lines leaves them out");
    }

    /**
     * The same.
     *
     * @param remedy for more bad lines than are shown
     */
    public static InputException of(List<BadLine> first, long total, String remedy) {
        String lines = first.stream().map(BadLine::toString).collect(Collectors.joining("\n"));
        if (total > first.size()) {
            lines += "\n... and " + (total - first.size()) + " more bad lines; " + remedy;
        }
        return new InputException(lines);
    }
}
