package io.millrace.worker.decode;

import io.millrace.job.SamplingParams;
import io.millrace.worker.pipeline.EngineInfo;
import io.millrace.worker.schedule.SavedCells;
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

    /** In place of a token: none can be drawn, as no token has a probability or the job's format allows none. */
    int NO_TOKEN = -1;

    /**
     * Readies a slot's sampler for a new sequence. Of samples that follow one another the samplers draw from one row.
     *
     * @param prompt the whole prompt, which the penalties see
     */
    void seat(int slot, SamplingParams params, long seed, int[] prompt);

    /**
     * Runs one step.
     *
     * @param plan at least one token, at most {@link EngineInfo#stepTokens}
     * @param out receives {@link StepPlan#drawCount} tokens, in the plan's order, {@link #NO_TOKEN} among them
     * @throws EngineException when the step failed and the cache of the slots in it is lost
     */
    void step(StepPlan plan, int[] out);

    /** Whether parts of a slot can be saved: that takes one buffer for all slots. */
    boolean savesCells();

    /**
     * Saves the keys and values of the positions from {@code from} to before {@code to}, which the slot holds; the caller
     * holds what it gets. Only where {@link #savesCells}.
     */
    SavedCells save(int slot, int from, int to);

    /** What the model thought of the token sampled last in a slot whose params ask for log probabilities. */
    Scores scores(int slot);

    /** Frees the model and the cache. */
    @Override
    void close();
}
