package io.millrace.producer.report;

import io.millrace.job.Message;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What came of a task at a point. */
public sealed interface Answer {

    /** None where it failed or is missing. */
    default List<Sample> samples() {
        return List.of();
    }

    /**
     * It was answered.
     *
     * <p>Immutable.
     *
     * @param asked the chat as it was sent, where it is another than the task's
     */
    record Answered(List<Sample> samples, Optional<Cost> cost, List<Message> asked) implements Answer {
        public Answered {
            samples = List.copyOf(samples);
            Objects.requireNonNull(cost, "cost");
            asked = List.copyOf(asked);
        }
    }

    /**
     * Its job failed.
     *
     * <p>Immutable.
     */
    record Failed(String kind, String message) implements Answer {
        public Failed {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(message, "message");
        }
    }

    /**
     * The point's source has no such task.
     *
     * <p>Immutable.
     */
    record Missing() implements Answer {}
}
