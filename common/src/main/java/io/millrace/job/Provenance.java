package io.millrace.job;

import java.util.Objects;

/**
 * What made a result.
 *
 * <p>Immutable.
 *
 * @param model the model's name as the run asked for it
 * @param modelSha256 of the GGUF file, lower-case hexadecimal
 * @param quantization as the GGUF says, such as Q8_0
 * @param template the chat template's name
 * @param engine the engine and its version
 * @param worker the worker's instance id
 * @param attempt which try this was, from 1
 * @param replay which replay of the job this was; 0 for the first submission
 */
public record Provenance(
        String model,
        String modelSha256,
        String quantization,
        String template,
        String engine,
        String worker,
        int attempt,
        int replay) {

    public Provenance {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(modelSha256, "modelSha256");
        Objects.requireNonNull(quantization, "quantization");
        Objects.requireNonNull(template, "template");
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(worker, "worker");
    }

    /** Of a job that was submitted once. */
    public Provenance(
            String model,
            String modelSha256,
            String quantization,
            String template,
            String engine,
            String worker,
            int attempt) {
        this(model, modelSha256, quantization, template, engine, worker, attempt, 0);
    }
}
