package io.millrace.kafka;

import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/**
 * Something about the cluster, its data or the settings for it is not as Millrace needs it. The message is for the user:
 * it says what is wrong and what to do, and is printed without a stack trace.
 */
public final class ClusterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ClusterException(String message) {
        super(message);
    }

    public ClusterException(String message, Throwable cause) {
        super(message, cause);
    }

    /** For an error of Kafka that nobody foresaw; empty for other errors. */
    public static Optional<ClusterException> of(Throwable error) {
        return error instanceof KafkaException
                ? Optional.of(new ClusterException(
                        "Kafka failed: " + error.getClass().getSimpleName() + ": " + error.getMessage()
                                + ". The broker's log says more; the same command goes on from where this one stopped",
                        error))
                : Optional.empty();
    }
}
