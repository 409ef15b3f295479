package io.millrace.producer.files;

import java.util.Map;
import java.util.Objects;

/**
 * What is known of a run from its start, for its summary.
 *
 * <p>Immutable.
 *
 * @param tool name and version of the program
 * @param options the run's options, as {@code RunOptions.fields()} names them
 */
public record RunFacts(
        String runId, String tool, String model, String inputSha256, long seed, Map<String, String> options) {

    public RunFacts {
        Objects.requireNonNull(runId, "runId");
        Objects.requireNonNull(tool, "tool");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(inputSha256, "inputSha256");
        options = Map.copyOf(options);
    }
}
