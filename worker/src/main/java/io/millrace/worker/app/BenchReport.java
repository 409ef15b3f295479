package io.millrace.worker.app;

import io.millrace.worker.pipeline.EngineFigures;
import io.millrace.worker.pipeline.EngineInfo;

/**
 * What a benchmark of an engine found.
 *
 * <p>Immutable.
 *
 * @param engine what was loaded
 * @param lanes contexts that share the slots
 * @param decodeCeiling completion tokens a second while every slot decodes and nothing else happens, sampling included
 * @param ceilingStepMillis the mean step of that
 * @param jobs of the mix
 * @param seconds that the mix took
 * @param figures of the mix
 * @param occupancy mean share of slots that had a sequence in a step, 0 to 1
 * @param steps times of the mix's steps
 */
public record BenchReport(
        EngineInfo engine,
        int lanes,
        double decodeCeiling,
        double ceilingStepMillis,
        int jobs,
        double seconds,
        EngineFigures figures,
        double occupancy,
        StepTimes steps) {

    /** Milliseconds of a step, planning and text included. */
    public record StepTimes(double mean, double median, double p90, double p99, double longest) {}

    public double jobsPerSecond() {
        return jobs / seconds;
    }

    public double completionTokensPerSecond() {
        return figures.generatedTokens() / seconds;
    }

    /** Completion tokens and prompt tokens that were decoded. */
    public double tokensPerSecond() {
        return (figures.generatedTokens() + figures.promptTokens()) / seconds;
    }
}
