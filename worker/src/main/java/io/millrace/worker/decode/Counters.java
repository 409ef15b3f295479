package io.millrace.worker.decode;

import io.millrace.worker.pipeline.EngineFigures;
import io.millrace.worker.schedule.Scheduler;

/**
 * Counts since the engine started, in the words of {@link EngineFigures}.
 *
 * <p>Confined to the decode thread.
 */
final class Counters {
    long steps;
    long promptTokens;
    long cachedTokens;
    long generatedTokens;
    long finishedSequences;
    long scheduleNanos;
    long decodeNanos;
    long updateNanos;

    EngineFigures figures(Scheduler scheduler) {
        return new EngineFigures(
                steps,
                promptTokens,
                cachedTokens,
                generatedTokens,
                finishedSequences,
                scheduler.decoding(),
                scheduler.waiting(),
                scheduler.reservedTokens(),
                scheduler.capacityTokens(),
                scheduleNanos,
                decodeNanos,
                updateNanos);
    }
}
