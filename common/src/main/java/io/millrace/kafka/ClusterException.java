package io.millrace.kafka;

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
}
