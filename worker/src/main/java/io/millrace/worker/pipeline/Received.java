package io.millrace.worker.pipeline;

import io.millrace.job.Job;
import io.millrace.job.JobId;
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

    /** A job. */
    record Readable(int partition, long offset, byte[] value, Job job) implements Received {
        public Readable {
            Objects.requireNonNull(job, "job");
        }
    }

    /**
     * Bytes that are no job.
     *
     * @param id from the record's headers, if they name one; without it nobody can wait for a result
     * @param replay from the record's headers, 0 if they do not say
     * @param reason what is wrong, for the user
     */
    record Unreadable(int partition, long offset, byte[] value, Optional<JobId> id, int replay, String reason)
            implements Received {
        public Unreadable {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(reason, "reason");
        }
    }
}
