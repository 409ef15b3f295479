package io.millrace.job;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * What a job asks of its answers beside how their tokens are chosen.
 *
 * <p>Immutable.
 *
 * @param format what the text must look like
 * @param topLogprobs whether log probabilities are told of each token, and of how many of the most likely tokens in its
 *     place, 0 to 20
 * @param prefill what the answer begins with, as if the model had written it; it is not part of the output
 * @param loopStop ends a sample whose last so many tokens repeat one cycle at least three times; 0 is off
 * @param lora the LoRA adapter to answer with, by the name that the workers have it under; empty for the model alone
 */
public record AnswerOptions(OutputFormat format, OptionalInt topLogprobs, String prefill, int loopStop, String lora) {
    public static final int MAX_TOP_LOGPROBS = 20;
    public static final int LEAST_LOOP = 6;
    public static final int MAX_LOOP = 4096;

    /** Any text, and nothing about it. */
    public static final AnswerOptions NONE = new AnswerOptions(OutputFormat.TEXT, OptionalInt.empty(), "", 0);

    /** Of the model alone. */
    public AnswerOptions(OutputFormat format, OptionalInt topLogprobs, String prefill, int loopStop) {
        this(format, topLogprobs, prefill, loopStop, "");
    }

    public AnswerOptions {
        Objects.requireNonNull(lora, "lora");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(prefill, "prefill");
        if (topLogprobs.isPresent() && (topLogprobs.getAsInt() < 0 || topLogprobs.getAsInt() > MAX_TOP_LOGPROBS)) {
            throw new InvalidFieldException(
                    "top_logprobs", Integer.toString(topLogprobs.getAsInt()), "must be from 0 to " + MAX_TOP_LOGPROBS);
        }
        if (loopStop != 0 && (loopStop < LEAST_LOOP || loopStop > MAX_LOOP)) {
            throw new InvalidFieldException(
                    "loop_stop",
                    Integer.toString(loopStop),
                    "must be 0 (off) or from " + LEAST_LOOP + " to " + MAX_LOOP + " tokens");
        }
    }

    /** Whether the answer's text is held to a format. */
    public boolean constrained() {
        return !(format instanceof OutputFormat.Text);
    }
}
