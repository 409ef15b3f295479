package io.millrace.cli;

import io.millrace.worker.app.EngineOptions;
import io.millrace.worker.llama.LoraFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How a worker loads its model. */
final class EngineFlags {

    @Option(
            names = {"--slots", "--max-num-seqs", "-np"},
            paramLabel = "N|auto",
            defaultValue = "16",
            converter = Slots.class,
            description = "Sequences that run at a time; auto takes as many as the memory holds, on a CPU at most 32"
                    + " (default: ${DEFAULT-VALUE}).")
    private int slots;

    @Option(
            names = {"--slot-tokens", "--max-model-len"},
            paramLabel = "N",
            defaultValue = "0",
            description = "Room for prompt and completion of a sample; 0 takes the model's context, at most 2048.")
    private int slotTokens;

    @Option(
            names = {"--step-tokens", "--max-num-batched-tokens"},
            paramLabel = "N",
            defaultValue = "512",
            description = "The most tokens of one decode (default: ${DEFAULT-VALUE}).")
    private int stepTokens;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads of a decode; 0 takes the cores, less one from four on, shared by the lanes.")
    private int threads;

    @Option(
            names = {"-ngl", "--gpu-layers"},
            paramLabel = "N",
            defaultValue = "-1",
            description = "Layers on the GPU, where there is one; -1 means all.")
    private int gpuLayers;

    @Option(
            names = "--main-gpu",
            paramLabel = "N",
            defaultValue = "0",
            description = "Which GPU (default: ${DEFAULT-VALUE}).")
    private int mainGpu;

    @Option(names = "--backend-dir", paramLabel = "DIR", description = "Folder of ggml backends, such as a CUDA one.")
    private Path backendDir;

    @Option(
            names = {"-ctk", "--kv-type"},
            paramLabel = "TYPE",
            defaultValue = "F16",
            description = "Type of the key-value cache: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private EngineOptions.KvCells kvType;

    @Option(
            names = "--lanes",
            paramLabel = "N",
            defaultValue = "0",
            description = "Contexts that share the slots and never wait for each other, for small models on a CPU;"
                    + " 0 takes one a core there, else one.")
    private int lanes;

    @Option(
            names = "--kv-layout",
            paramLabel = "LAYOUT",
            defaultValue = "AUTO",
            description = "Key-value cache: ${COMPLETION-CANDIDATES} (default: unified with lanes, else streams).")
    private EngineOptions.KvLayout kvLayout;

    @Option(
            names = {"-cram", "--cache-ram"},
            paramLabel = "MIB",
            defaultValue = "512",
            description =
                    "Memory for the keys and values of prompts that no slot holds any more, for prompts that begin"
                            + " like them; where slots share one buffer; 0 keeps none (default: ${DEFAULT-VALUE}).")
    private int cacheRam;

    @Option(
            names = "--lora-modules",
            paramLabel = "NAME=FILE[:SCALE]",
            description = "A LoRA adapter in GGUF that jobs may ask for by this name; may be given several times.")
    private List<String> loras = List.of();

    @Option(
            names = "--model-sha256",
            paramLabel = "HEX",
            defaultValue = "${env:MILLRACE_MODEL_SHA256}",
            description = "The model file's SHA-256; a file with another one is not loaded (or MILLRACE_MODEL_SHA256).")
    private String sha256;

    /** A number, or 0 for {@code auto}. */
    static final class Slots implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            if (value.equals("auto")) {
                return 0;
            }
            if (!value.matches("[0-9]{1,6}") || Integer.parseInt(value) == 0) {
                throw new TypeConversionException("must be a number from 1 to 256 or auto, not " + value);
            }
            return Integer.valueOf(value);
        }
    }

    EngineOptions options(Path model) {
        if (!Files.isRegularFile(model)) {
            throw new UserError(model + ": no such file; give a GGUF file by --model");
        }
        try {
            return new EngineOptions(
                    model,
                    slots,
                    slotTokens,
                    Math.max(stepTokens, slots),
                    threads,
                    0,
                    gpuLayers,
                    mainGpu,
                    Optional.ofNullable(backendDir),
                    kvType,
                    lanes,
                    kvLayout,
                    cacheRam,
                    digest(),
                    LoraModule.files(loras));
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage());
        }
    }

    /** An empty environment variable is none. */
    private Optional<String> digest() {
        return Optional.ofNullable(sha256).map(String::strip).filter(digest -> !digest.isEmpty());
    }

    /** One digest cannot be that of several models. */
    void requireNoDigest() {
        if (digest().isPresent()) {
            throw new UserError("--model-sha256 is the digest of one model, and this sweep has several: leave it out");
        }
    }

    /**
     * The same flags for a worker of its own process.
     *
     * @param workers how many there will be on this machine; they share the cores
     */
    List<String> arguments(int workers) {
        int cores = Runtime.getRuntime().availableProcessors();
        int share = threads == 0 && workers > 1 ? Math.max(1, (cores - 1) / workers) : threads;
        List<String> arguments = new ArrayList<>(List.of(
                "--slots=" + (slots == 0 ? "auto" : slots),
                "--slot-tokens=" + slotTokens,
                "--step-tokens=" + stepTokens,
                "--threads=" + share,
                "--gpu-layers=" + gpuLayers,
                "--main-gpu=" + mainGpu,
                "--kv-type=" + kvType,
                "--lanes=" + lanes,
                "--kv-layout=" + kvLayout,
                "--cache-ram=" + cacheRam));
        digest().ifPresent(digest -> arguments.add("--model-sha256=" + digest));
        if (backendDir != null) {
            arguments.add("--backend-dir=" + backendDir.toAbsolutePath());
        }
        for (LoraFile lora : LoraModule.files(loras)) {
            arguments.add("--lora-modules=" + lora.name() + "=" + lora.file().toAbsolutePath() + ":" + lora.scale());
        }
        return arguments;
    }

    /** A model's name is its file's, without the ending. */
    static String modelName(Path model) {
        String file = model.getFileName().toString();
        return file.endsWith(".gguf") ? file.substring(0, file.length() - ".gguf".length()) : file;
    }
}
