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
    OPENAI
}
