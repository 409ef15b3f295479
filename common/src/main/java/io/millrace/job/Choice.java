package io.millrace.job;

import java.util.Objects;

/**
 * One finished sample.
 *
 * <p>Immutable.
 *
 * @param index the sample's index in the job, from 0
 * @param text what the model wrote, without wrapper tokens and stop texts
 * @param completionTokens tokens generated, the ending one included
 * @param seed the seed it was drawn with
 */
public record Choice(int index, String text, FinishReason finishReason, int completionTokens, long seed) {

    public Choice {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(finishReason, "finishReason");
    }
}
