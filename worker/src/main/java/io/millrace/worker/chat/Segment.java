package io.millrace.worker.chat;

import java.util.Objects;

/**
 * A piece of a rendered prompt: either a wrapper token of the template, placed by its id, or a run of text, in which
 * nothing may become a wrapper or control token whatever it says.
 *
 * <p>Immutable.
 */
public sealed interface Segment {

    /** A wrapper token by its text in the vocabulary, such as {@code <|im_start|>}. */
    record Marker(String text) implements Segment {
        public Marker {
            Objects.requireNonNull(text, "text");
        }
    }

    /**
     * Text between two markers. It is tokenised as one run, so that the tokenizer's leading space falls where it fell in
     * training.
     *
     * @param repeats whether other prompts are likely to hold the same run, so that its ids are worth keeping
     */
    record Run(String text, boolean repeats) implements Segment {
        public Run {
            Objects.requireNonNull(text, "text");
        }
    }
}
