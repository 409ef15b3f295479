package io.millrace.worker.pipeline;

/**
 * An engine's counters since it started and its gauges now.
 *
 * <p>Immutable.
 *
 * @param steps native decodes
 * @param promptTokens prompt tokens decoded
 * @param cachedTokens prompt tokens found in the cache instead
 * @param generatedTokens tokens sampled
 * @param finishedSequences sequences that ended
 * @param runningSequences sequences that decode now; samples that follow another one are not among them
 * @param waitingSequences sequences without a slot now
 * @param kvTokens cells reserved now
 * @param kvCapacity cells there are
 * @param scheduleNanos time spent planning steps
 * @param decodeNanos time spent in the engine, sampling included
 * @param updateNanos time spent after steps
 */
public record EngineFigures(
        long steps,
        long promptTokens,
        long cachedTokens,
        long generatedTokens,
        long finishedSequences,
        int runningSequences,
        int waitingSequences,
        long kvTokens,
        long kvCapacity,
        long scheduleNanos,
        long decodeNanos,
        long updateNanos) {

    /** Two engines taken as one. */
    public EngineFigures plus(EngineFigures other) {
        return new EngineFigures(
                steps + other.steps,
                promptTokens + other.promptTokens,
                cachedTokens + other.cachedTokens,
                generatedTokens + other.generatedTokens,
                finishedSequences + other.finishedSequences,
                runningSequences + other.runningSequences,
                waitingSequences + other.waitingSequences,
                kvTokens + other.kvTokens,
                kvCapacity + other.kvCapacity,
                scheduleNanos + other.scheduleNanos,
                decodeNanos + other.decodeNanos,
                updateNanos + other.updateNanos);
    }
}
