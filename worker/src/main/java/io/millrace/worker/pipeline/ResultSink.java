package io.millrace.worker.pipeline;

import io.millrace.job.JobResult;
import io.millrace.job.Traceparent;
import io.millrace.worker.delivery.CommitMetadata;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where results go: one transaction at a time holds results, copies of failed jobs and offsets, or nothing. */
public interface ResultSink {

    /** Publishes all of it or nothing; {@link Listener#published} answers. Not before the last one was answered. */
    void publish(Publication publication);

    /**
     * One transaction.
     *
     * @param traced one per job that ended
     * @param dead originals of failed jobs
     * @param commits partition to what is committed of it
     */
    record Publication(List<TracedResult> traced, List<DeadJob> dead, Map<Integer, Commit> commits) {
        public Publication {
            traced = List.copyOf(traced);
            dead = List.copyOf(dead);
            commits = Map.copyOf(commits);
        }

        public List<JobResult> results() {
            return traced.stream().map(TracedResult::result).toList();
        }
    }

    /** A result and the trace that it carries on. */
    record TracedResult(JobResult result, Optional<Traceparent> trace) {}

    /** The original of a failed job, its result and how it came to that, one text per attempt that failed. */
    record DeadJob(byte[] value, JobResult.Failed result, List<String> history, Optional<Traceparent> trace) {
        public DeadJob {
            history = List.copyOf(history);
        }
    }

    /** An offset to commit, with its metadata's text, for one assignment of a partition. */
    record Commit(long epoch, long offset, String metadata) {}

    /** What became of a publication. */
    sealed interface Outcome {

        /** All of it is committed. */
        record Committed() implements Outcome {}

        /** None of it is committed; try again. */
        record Aborted(String reason) implements Outcome {}

        /**
         * It was not known for a while; this is what is committed now of every partition that is owned. Pending results
         * of offsets that are done there must not be published again.
         */
        record Resolved(Map<Integer, CommittedState> committed) implements Outcome {
            public Resolved {
                committed = Map.copyOf(committed);
            }
        }
    }

    /** What is committed of a partition. */
    record CommittedState(long offset, CommitMetadata metadata) {
        /** Whether the result of the job at this offset is committed. */
        public boolean done(long jobOffset) {
            return jobOffset < offset || metadata.done().contains(jobOffset);
        }
    }

    /** What the sink says, always on the pipeline's thread. */
    interface Listener {
        void published(Outcome outcome);
    }
}
