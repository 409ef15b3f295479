package io.millrace.producer.kafka;

import io.millrace.job.JobResult;
import java.util.Objects;

/**
 * A committed result and where it lies.
 *
 * <p>Immutable.
 */
public record ReceivedResult(int partition, long offset, JobResult result) {
    public ReceivedResult {
        Objects.requireNonNull(result, "result");
    }
}
