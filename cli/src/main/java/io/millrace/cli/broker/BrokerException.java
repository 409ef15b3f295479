package io.millrace.cli.broker;

/** The embedded broker cannot start; the message says why and what to do, and is printed without a stack trace. */
public final class BrokerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BrokerException(String message) {
        super(message);
    }

    public BrokerException(String message, Throwable cause) {
        super(message, cause);
    }
}
