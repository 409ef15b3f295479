package io.millrace.producer.kafka;

import io.millrace.job.JobModels;
import io.millrace.job.RunManifest;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What a submitter says of its run before the first job.
 *
 * <p>Immutable.
 *
 * @param models which models its jobs ask for
 * @param inputSha256 of the input and of all that shapes its jobs, so that a run is never continued with another input
 * @param deadlineEpochMillis when its jobs must be finished; a run that is there already keeps its own
 */
public record NewRun(
        String runId,
        JobModels models,
        String inputSha256,
        long seed,
        long createdEpochMillis,
        OptionalLong deadlineEpochMillis) {

    public NewRun {
        Objects.requireNonNull(runId, "runId");
        Objects.requireNonNull(models, "models");
        Objects.requireNonNull(inputSha256, "inputSha256");
        Objects.requireNonNull(deadlineEpochMillis, "deadlineEpochMillis");
    }

    /** A run of one model without a deadline. */
    public NewRun(String runId, String model, String inputSha256, long seed, long createdEpochMillis) {
        this(runId, JobModels.of(model), inputSha256, seed, createdEpochMillis, OptionalLong.empty());
    }

    RunManifest open(Map<Integer, Long> resultOffsets) {
        return new RunManifest(
                runId,
                RunManifest.State.OPEN,
                0,
                models,
                inputSha256,
                seed,
                resultOffsets,
                createdEpochMillis,
                0,
                deadlineEpochMillis);
    }
}
