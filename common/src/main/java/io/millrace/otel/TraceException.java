package io.millrace.otel;

/** Traces were asked for in a way that cannot be; the message is for the user. */
public final class TraceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TraceException(String message) {
        super(message);
    }
}
