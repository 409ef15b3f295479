package io.millrace.producer.report;

/**
 * What a job took.
 *
 * <p>Immutable.
 *
 * @param cachedTokens those of the prompt that were found in the cache
 * @param completionTokens of all its samples
 * @param generationMillis from the first token to the last, in its slots
 */
public record Cost(
        long promptTokens, long cachedTokens, long completionTokens, double promptMillis, double generationMillis) {
    public static final Cost NONE = new Cost(0, 0, 0, 0, 0);

    Cost plus(Cost other) {
        return new Cost(
                promptTokens + other.promptTokens,
                cachedTokens + other.cachedTokens,
                completionTokens + other.completionTokens,
                promptMillis + other.promptMillis,
                generationMillis + other.generationMillis);
    }

    /** Generated tokens a second of a job's time in its slots; 0 where no time passed. */
    public double tokensPerSecond() {
        return generationMillis > 0 ? completionTokens * 1000 / generationMillis : 0;
    }
}
