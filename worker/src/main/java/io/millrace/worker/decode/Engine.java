package io.millrace.worker.decode;

import io.millrace.job.SamplingParams;
import io.millrace.worker.pipeline.EngineInfo;
import io.millrace.worker.schedule.StepPlan;

/**
 * A loaded model with a key-value cache of equal slots.
 *
 * <p>Confined to the decode thread, but for {@link #info} and {@link #tokenizer}.
 */
public interface Engine extends AutoCloseable {

    EngineInfo info();

    /** Thread-safe. */
    Tokenizer tokenizer();

    /**
     * Readies a slot's sampler for a new sequence.
     *
     * @param prompt the whole prompt, which the penalties see
     */
    void seat(int slot, SamplingParams params, long seed, int[] prompt);

    /**
     * Runs one step.
     *
     * @param plan at least one token, at most {@link EngineInfo#stepTokens}
     * @param out receives {@link StepPlan#sampleCount} tokens, in the plan's order
     * @throws EngineException when the step failed and the cache of the slots in it is lost
     */
    void step(StepPlan plan, int[] out);

    /** Frees the model and the cache. */
    @Override
    void close();
}
