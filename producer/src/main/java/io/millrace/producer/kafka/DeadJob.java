package io.millrace.producer.kafka;

import io.millrace.job.JobId;
import java.util.List;
import java.util.Objects;

/**
 * A job that failed for good, as the topic of dead jobs has it.
 *
 * <p>Immutable, as long as nobody writes to the original.
 *
 * @param customId the user's name for it; empty where its record cannot be read
 * @param replay which replay of the job failed; 0 for the first submission
 * @param kind the name of a {@link io.millrace.job.FailureKind}, perhaps of a newer build
 * @param history one text per attempt that failed in the last worker
 * @param attempts how many there were, lost ones included
 * @param worker the one that gave up
 * @param build its engine and version
 * @param topic where the job came from
 * @param original the job's record; empty where nobody asked for it
 */
public record DeadJob(
        JobId id,
        String customId,
        int replay,
        String kind,
        String reason,
        List<String> history,
        int attempts,
        String worker,
        String build,
        String topic,
        long failedEpochMillis,
        byte[] original) {

    public DeadJob {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(customId, "customId");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(reason, "reason");
        history = List.copyOf(history);
    }
}
