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
 * @param runningSequences sequences in slots now
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
        long updateNanos) {}
