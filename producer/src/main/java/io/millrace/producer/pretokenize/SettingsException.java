package io.millrace.producer.pretokenize;

/** A setting or the data it is for cannot be used; the message is for the user and says what to do. Immutable. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SettingsException(String message) {
        super(message);
    }
}
