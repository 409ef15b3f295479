package io.millrace.worker.remote;

import io.millrace.job.Job;
import io.millrace.worker.pipeline.Decoder.Outcome;
import io.millrace.worker.pipeline.EngineFigures;
import io.millrace.worker.pipeline.EngineInfo;
import java.util.List;

/**
 * What the two ends of the engine process tell each other.
 *
 * <p>Immutable.
 */
sealed interface Frame {

    /** From the parent. */
    record Submit(long ticket, Job job) implements Frame {}

    /** From the parent: a job that cannot be written or read, so that the child refuses it in its turn. */
    record Unreadable(long ticket, String reason) implements Frame {}

    /** From the parent. */
    record Cancel(long ticket) implements Frame {}

    /** From the child, once: the engine is loaded. */
    record Ready(EngineInfo info) implements Frame {}

    /** From the child, once a step at most. */
    record Finished(List<Outcome> outcomes) implements Frame {
        public Finished {
            outcomes = List.copyOf(outcomes);
        }
    }

    /** From the child. */
    record Figures(EngineFigures figures) implements Frame {}

    /** From the child, as its last: the engine cannot be loaded or has failed for good. */
    record Failed(String reason) implements Frame {}
}
