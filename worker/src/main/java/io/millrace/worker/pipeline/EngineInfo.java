package io.millrace.worker.pipeline;

import java.util.List;
import java.util.Objects;

/**
 * What an engine has loaded and how much fits.
 *
 * <p>Immutable.
 *
 * @param modelFile the GGUF file's name, without folders
 * @param modelSha256 of that file, lower-case hexadecimal
 * @param description llama.cpp's words, such as {@code llama 13B Q4_K - Medium}
 * @param quantization such as {@code Q8_0}
 * @param template the chat template's name, such as {@code chatml}
 * @param engine name and version, such as {@code llama.cpp 0.5.0-dev}
 * @param parameters how many weights the model has
 * @param modelBytes what they take
 * @param trainedContextTokens the context the model was trained with
 * @param ropeFreqBase RoPE theta, or 0 where the model has none
 * @param slots sequences that decode at a time
 * @param sequences sequences that run at a time: those that follow another sample of their job, and so need no cells, or wait
 *     for theirs are among them; at least the slots
 * @param slotTokens cells of a slot: prompt and completion of a sample must fit
 * @param stepTokens the most tokens of one step
 * @param kvBytes what the key-value cache takes
 * @param backend which backend and devices run it, in words
 * @param threads threads of a decode
 * @param adapters the names of its LoRA adapters; a job's adapter is known by its place in this list, counted from 1
 */
public record EngineInfo(
        String modelFile,
        String modelSha256,
        String description,
        String quantization,
        String template,
        String engine,
        long parameters,
        long modelBytes,
        int trainedContextTokens,
        double ropeFreqBase,
        int slots,
        int sequences,
        int slotTokens,
        int stepTokens,
        long kvBytes,
        String backend,
        int threads,
        List<String> adapters) {

    /** One without adapters that runs as many sequences as it has slots. */
    public EngineInfo(
            String modelFile,
            String modelSha256,
            String description,
            String quantization,
            String template,
            String engine,
            long parameters,
            long modelBytes,
            int trainedContextTokens,
            double ropeFreqBase,
            int slots,
            int slotTokens,
            int stepTokens,
            long kvBytes,
            String backend,
            int threads) {
        this(
                modelFile,
                modelSha256,
                description,
                quantization,
                template,
                engine,
                parameters,
                modelBytes,
                trainedContextTokens,
                ropeFreqBase,
                slots,
                slots,
                slotTokens,
                stepTokens,
                kvBytes,
                backend,
                threads,
                List.of());
    }

    /** Two engines of one model taken as one: the slots of both. */
    public EngineInfo and(EngineInfo other) {
        return new EngineInfo(
                modelFile,
                modelSha256,
                description,
                quantization,
                template,
                engine,
                parameters,
                modelBytes,
                trainedContextTokens,
                ropeFreqBase,
                slots + other.slots,
                sequences + other.sequences,
                slotTokens,
                Math.max(stepTokens, slots + other.slots),
                kvBytes + other.kvBytes,
                backend,
                threads + other.threads,
                adapters);
    }

    public EngineInfo {
        Objects.requireNonNull(modelFile, "modelFile");
        Objects.requireNonNull(modelSha256, "modelSha256");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(quantization, "quantization");
        Objects.requireNonNull(template, "template");
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(backend, "backend");
        adapters = List.copyOf(adapters);
        if (slots < 1 || sequences < slots || slotTokens < 1 || stepTokens < slots) {
            throw new IllegalArgumentException("an engine of " + slots + " slots, " + sequences + " sequences, "
                    + slotTokens + " tokens a slot and " + stepTokens + " tokens a step cannot run");
        }
    }
}
