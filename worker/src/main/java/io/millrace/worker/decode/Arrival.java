package io.millrace.worker.decode;

import io.millrace.job.Job;
import io.millrace.worker.pipeline.Decoder.Outcome;
import io.millrace.worker.schedule.SavedPrefix;

/**
 * What comes to the decode thread.
 *
 * <p>Immutable.
 */
public sealed interface Arrival {

    /**
     * An attempt to run.
     *
     * @param prompt the prompt's tokens, which fit into a slot together with the job's max_tokens
     * @param adapter the engine's adapter that the job asks for, counted from 1; 0 for the model alone
     * @param takenNanos when the attempt was handed over
     */
    record Prepared(long ticket, Job job, int[] prompt, int adapter, long takenNanos) implements Arrival {}

    /** An attempt that cannot run. */
    record Rejected(Outcome.Refused outcome) implements Arrival {}

    /** An attempt that is not wanted any more. */
    record Cancelled(long ticket) implements Arrival {}

    /** What another engine of the model has saved; whoever takes this holds its cells once. */
    record Saved(SavedPrefix prefix) implements Arrival {}

    /** Nothing but a reason to look whether the loop is to end. */
    record Wake() implements Arrival {}
}
