package io.millrace.producer.files;

/** What the lines of an input are. */
public enum InputFormat {
    /**
     * Told by content: when the first line that is not blank is a JSON string, all are {@link #STRINGS}; otherwise each
     * line is an object, and its fields say which of the other kinds it is.
     */
    AUTO,
    /** A JSON string a line, the user's message. */
    STRINGS,
    /** {@code {"prompt": "..."}}, any other field being metadata. */
    PROMPT,
    /** {@code {"messages": [...]}}, any other field being metadata. */
    MESSAGES,
    /** OpenAI batch lines: {@code {"custom_id", "method", "url", "body": {"messages": [...], ...}}}. */
    OPENAI,
    /** ShareGPT: {@code {"conversations": [{"from", "value"}, ...]}}; a last answer is the reference. */
    SHAREGPT,
    /** Alpaca: {@code {"instruction", "input", "output"}}; the output is the reference. */
    ALPACA,
    /** OASST message trees, a job for each thread that the reference project's loader keeps. */
    OASST_THREADS,
    /** OASST message trees, a job for each tree's first prompt. */
    OASST_PROMPTS,
    /** What a dataset became: written by {@code producer.dataset}, and not for users. */
    SNAPSHOT;

    /** Whether {@link InputCheck} reads lines of this kind as they are in the user's file. */
    public boolean ofLines() {
        return compareTo(OPENAI) <= 0;
    }
}
