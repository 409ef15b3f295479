package io.millrace.job;

/** Why a sample ended, in the words of the OpenAI API. */
public enum FinishReason {
    /** The model ended its turn or a stop text came. */
    STOP("stop"),
    /** {@code max_tokens} were generated. */
    LENGTH("length"),
    /** The job's loop stop: the text went round in circles. The word is vLLM's, for OpenAI has none. */
    REPETITION("repetition");

    private final String wireName;

    FinishReason(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    public static FinishReason of(String wireName) {
        for (FinishReason reason : values()) {
            if (reason.wireName.equals(wireName)) {
                return reason;
            }
        }
        throw new IllegalArgumentException("unknown finish_reason '" + wireName + "'");
    }
}
