package io.millrace.producer.kafka;

import io.millrace.job.RunManifest;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What a submitter says of its run before the first job.
 *
 * <p>Immutable.
 *
 * @param inputSha256 of the input and of all that shapes its jobs, so that a run is never continued with another input
 * @param deadlineEpochMillis when its jobs must be finished; a run that is there already keeps its own
 */
public record NewRun(
        String runId,
        String model,
        String inputSha256,
        long seed,
        long createdEpochMillis,
        OptionalLong deadlineEpochMillis) {

    public NewRun {
        Objects.requireNonNull(runId, "runId");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(inputSha256, "inputSha256");
        Objects.requireNonNull(deadlineEpochMillis, "deadlineEpochMillis");
    }

    /** A run without a deadline. */
    public NewRun(String runId, String model, String inputSha256, long seed, long createdEpochMillis) {
        this(runId, model, inputSha256, seed, createdEpochMillis, OptionalLong.empty());
    }

    RunManifest open(Map<Integer, Long> resultOffsets) {
        return new RunManifest(
                runId,
                RunManifest.State.OPEN,
                0,
                model,
                inputSha256,
                seed,
                resultOffsets,
                createdEpochMillis,
                0,
                deadlineEpochMillis);
    }
}
