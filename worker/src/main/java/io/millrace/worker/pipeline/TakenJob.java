package io.millrace.worker.pipeline;

import io.millrace.job.Job;
import java.util.ArrayList;
import java.util.List;

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

    /** One text per attempt that failed here. */
    final List<String> history = new ArrayList<>();

    /** Attempts in this worker that the engine refused. */
    int refusals;

    /** When it may run again after a refusal. */
    long notBeforeNanos;

    TakenJob(PartitionWork partition, long offset, Job job, byte[] value) {
        this.partition = partition;
        this.offset = offset;
        this.job = job;
        this.value = value;
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
