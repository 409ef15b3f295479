package io.millrace.producer.pretokenize;

/**
 * A tokenised dialogue.
 *
 * <p>Immutable: its arrays are not changed.
 *
 * @param roles the {@link Role#code} of each token
 */
public record Sequence(int[] ids, byte[] roles) {
    public Sequence {
        if (ids.length != roles.length) {
            throw new IllegalArgumentException(ids.length + " ids and " + roles.length + " roles");
        }
    }

    /** Tokens of the assistant's turns with their wrappers. */
    int assistantTokens() {
        int count = 0;
        for (byte role : roles) {
            count += role == Role.ASSISTANT.code() ? 1 : 0;
        }
        return count;
    }
}
