package io.millrace.worker.pipeline;

import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.Traceparent;
import java.util.Objects;
import java.util.Optional;

/**
 * A record of the jobs topic as it came, read or not.
 *
 * <p>Immutable, as long as nobody writes to the value.
 */
public sealed interface Received {

    int partition();

    long offset();

    /** The record's bytes, for the dead-letter copy. */
    byte[] value();

    /** From the record's headers: the trace that it belongs to. */
    Optional<Traceparent> trace();

    /** A job. */
    record Readable(int partition, long offset, byte[] value, Job job, Optional<Traceparent> trace)
            implements Received {
        public Readable {
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(trace, "trace");
        }

        /** One of no trace. */
        public Readable(int partition, long offset, byte[] value, Job job) {
            this(partition, offset, value, job, Optional.empty());
        }
    }

    /**
     * Bytes that are no job.
     *
     * @param id from the record's headers, if they name one; without it nobody can wait for a result
     * @param replay from the record's headers, 0 if they do not say
     * @param reason what is wrong, for the user
     */
    record Unreadable(
            int partition,
            long offset,
            byte[] value,
            Optional<JobId> id,
            int replay,
            String reason,
            Optional<Traceparent> trace)
            implements Received {
        public Unreadable {
            Objects.requireNonNull(trace, "trace");
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(reason, "reason");
        }
    }
}
