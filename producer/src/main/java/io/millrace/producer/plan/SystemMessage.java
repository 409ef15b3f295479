package io.millrace.producer.plan;

import io.millrace.job.InvalidFieldException;
import java.util.Optional;

/** The values of the option {@code --system}. Thread-safe. */
public final class SystemMessage {
    /**
     * Llama 2's official system message as the reference model's card prints it in its ChatML example: two paragraphs, a
     * blank line between them and a line's end before the closing marker. Other sources join them with a space, which
     * gives other tokens.
     */
    public static final String LLAMA2 =
            "You are a helpful, respectful and honest assistant. Always answer as helpfully as possible, while being safe."
                    + " Your answers should not include any harmful, unethical, racist, sexist, toxic, dangerous, or"
                    + " illegal content. Please ensure that your responses are socially unbiased and positive in nature."
                    + "\n\n"
                    + "If a question does not make any sense, or is not factually coherent, explain why instead of"
                    + " answering something not correct. If you don't know the answer to a question, please don't share"
                    + " false information.\n";

    /** So that a job with it and the longest line of input still fits into a record. */
    public static final int MAX_CHARACTERS = 256 * 1024;

    private SystemMessage() {}

    /** {@code llama2} and {@code none} are names; any other text is the message itself. */
    public static Optional<String> of(String option) {
        if (option.length() > MAX_CHARACTERS) {
            throw new InvalidFieldException(
                    "--system", option.length() + " characters", "must be at most " + MAX_CHARACTERS + " characters");
        }
        return switch (option) {
            case "none", "" -> Optional.empty();
            case "llama2" -> Optional.of(LLAMA2);
            default -> Optional.of(option);
        };
    }
}
