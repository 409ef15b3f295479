package io.millrace.producer.kafka;

import io.millrace.job.RunManifest;
import java.util.Map;
import java.util.Objects;

/**
 * What a submitter says of its run before the first job.
 *
 * <p>Immutable.
 *
 * @param inputSha256 of the input and of all that shapes its jobs, so that a run is never continued with another input
 */
public record NewRun(String runId, String model, String inputSha256, long seed, long createdEpochMillis) {

    public NewRun {
        Objects.requireNonNull(runId, "runId");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(inputSha256, "inputSha256");
    }

    RunManifest open(Map<Integer, Long> resultOffsets) {
        return new RunManifest(
                runId, RunManifest.State.OPEN, 0, model, inputSha256, seed, resultOffsets, createdEpochMillis);
    }
}
