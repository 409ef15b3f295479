package io.millrace.producer.files;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * What becomes of lines that are no task.
 *
 * <p>Immutable.
 *
 * @param skipped whether the other lines are used all the same
 * @param report told of each line that is left out
 */
public record BadLines(boolean skipped, Consumer<BadLine> report) {

    public BadLines {
        Objects.requireNonNull(report, "report");
    }

    /** One bad line and the input is refused. */
    public static BadLines refused() {
        return new BadLines(false, line -> {});
    }

    /** Bad lines are told to {@code report} and left out. */
    public static BadLines skippedWith(Consumer<BadLine> report) {
        return new BadLines(true, report);
    }
}
