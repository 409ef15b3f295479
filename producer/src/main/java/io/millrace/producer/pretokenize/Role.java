package io.millrace.producer.pretokenize;

import java.util.Locale;

/** Who speaks in a turn; the order gives the numbers in role files. */
public enum Role {
    SYSTEM,
    USER,
    ASSISTANT,
    CONTEXT;

    /** As it stands in ChatML. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As it stands in role files. */
    public byte code() {
        return (byte) ordinal();
    }
}
