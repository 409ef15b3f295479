package io.millrace.job;

import java.util.List;
import java.util.Objects;

/**
 * The one committed outcome of a job, or of one replay of it.
 *
 * <p>Immutable.
 */
public sealed interface JobResult {

    JobId id();

    String customId();

    /** The job's metadata, untouched. */
    String metadata();

    Provenance provenance();

    /** Which replay of the job this is the result of; 0 for the first submission. */
    default int replay() {
        return provenance().replay();
    }

    /** When the result was made, in seconds since 1970. */
    long createdEpochSeconds();

    /** Every sample of the job is there, in order of index. */
    record Completed(
            JobId id,
            String customId,
            List<Choice> choices,
            Usage usage,
            Timings timings,
            Provenance provenance,
            long createdEpochSeconds,
            String metadata)
            implements JobResult {

        public Completed {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(customId, "customId");
            Objects.requireNonNull(usage, "usage");
            Objects.requireNonNull(timings, "timings");
            Objects.requireNonNull(provenance, "provenance");
            Objects.requireNonNull(metadata, "metadata");
            choices = List.copyOf(choices);
        }
    }

    /** The job has no answer and will not be tried again by itself. */
    record Failed(
            JobId id,
            String customId,
            FailureKind kind,
            String message,
            Provenance provenance,
            long createdEpochSeconds,
            String metadata)
            implements JobResult {

        public Failed {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(customId, "customId");
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(provenance, "provenance");
            Objects.requireNonNull(metadata, "metadata");
        }
    }
}
