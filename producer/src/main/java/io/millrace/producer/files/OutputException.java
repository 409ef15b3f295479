package io.millrace.producer.files;

/**
 * The output folder cannot be used as it is; the message is for the user and says what to do.
 *
 * <p>Immutable.
 */
public final class OutputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OutputException(String message) {
        super(message);
    }

    public OutputException(String message, Throwable cause) {
        super(message, cause);
    }
}
