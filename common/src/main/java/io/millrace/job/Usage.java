package io.millrace.job;

/**
 * Tokens of a job.
 *
 * <p>Immutable.
 *
 * @param promptTokens tokens of the prompt, counted once whatever n is
 * @param completionTokens tokens of all samples
 * @param cachedTokens prompt tokens of the first sample that were found in the KV cache
 */
public record Usage(int promptTokens, int completionTokens, int cachedTokens) {

    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}
