package io.millrace.worker.pipeline;

import io.millrace.job.Job;
import io.millrace.job.Traceparent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A job that this worker took and has not answered yet.
 *
 * <p>Confined to the pipeline's thread.
 */
final class TakenJob {
    final PartitionWork partition;
    final long offset;
    final Job job;
    final byte[] value;
    final Optional<Traceparent> parent;

    /** One text per attempt that failed here. */
    final List<String> history = new ArrayList<>();

    /** Attempts in this worker that the engine refused. */
    int refusals;

    /** When it may run again after a refusal. */
    long notBeforeNanos;

    private Optional<JobTraces.Trace> trace = Optional.empty();

    TakenJob(PartitionWork partition, Received.Readable record) {
        this.partition = partition;
        this.offset = record.offset();
        this.job = record.job();
        this.value = record.value();
        this.parent = record.trace();
    }

    /** Its trace, which begins when it is asked for first. */
    JobTraces.Trace trace(JobTraces traces) {
        if (trace.isEmpty()) {
            trace = Optional.of(traces.begin(job.id(), Optional.of(job), parent));
        }
        return trace.get();
    }

    /** It is given up here, with its partition. */
    void dropped() {
        trace.ifPresent(JobTraces.Trace::dropped);
    }

    /** Losses with engines and workers. */
    int losses() {
        return partition.tracker.losses(offset);
    }

    /** Which try the next or running one is, from 1. */
    int attempt() {
        return 1 + losses() + refusals;
    }

    boolean permitted() {
        return partition.permits.contains(offset);
    }

    @Override
    public String toString() {
        return "run=" + job.id().runId() + " job=" + job.id() + " partition=" + partition.number + " offset=" + offset;
    }
}
