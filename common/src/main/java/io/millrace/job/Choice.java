package io.millrace.job;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One finished sample.
 *
 * <p>Immutable.
 *
 * @param index the sample's index in the job, from 0
 * @param text what the model wrote, without wrapper tokens and stop texts
 * @param completionTokens tokens generated, the ending one included
 * @param seed the seed it was drawn with
 * @param logprobs of the tokens that the text consists of, where they were asked for
 */
public record Choice(
        int index,
        String text,
        FinishReason finishReason,
        int completionTokens,
        long seed,
        Optional<List<TokenLogprob>> logprobs) {

    /** Without log probabilities. */
    public Choice(int index, String text, FinishReason finishReason, int completionTokens, long seed) {
        this(index, text, finishReason, completionTokens, seed, Optional.empty());
    }

    public Choice {
        logprobs = logprobs.map(List::copyOf);
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(finishReason, "finishReason");
    }
}
