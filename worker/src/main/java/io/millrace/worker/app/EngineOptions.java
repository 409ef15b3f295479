package io.millrace.worker.app;

import io.millrace.worker.llama.LoraFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How the engine is to be loaded, as the user said; it travels to the engine process as arguments.
 *
 * <p>Immutable.
 *
 * @param model the GGUF file
 * @param slots sequences that run at a time; 0 takes as many as suit the memory
 * @param slotTokens prompt and completion of a sample must fit; 0 takes the model's trained context, at most 2,048
 * @param stepTokens the most tokens of one step
 * @param threads of a lane's decode; 0 chooses
 * @param samplingThreads 0 takes as many as threads
 * @param gpuLayers layers on the GPU; -1 means all
 * @param mainGpu the GPU to use
 * @param backendDir a folder of ggml backends of one's own
 * @param kvType type of the key-value cache's cells
 * @param lanes contexts of one thread each that share the slots; 0 chooses
 * @param kvLayout how slots share the key-value cache
 * @param cacheRam MiB for prompts' cells that no slot holds any more, where slots share one buffer; 0 keeps none
 * @param sha256 what the model file must have, or it is not loaded
 * @param loras adapters that jobs may ask for
 */
public record EngineOptions(
        Path model,
        int slots,
        int slotTokens,
        int stepTokens,
        int threads,
        int samplingThreads,
        int gpuLayers,
        int mainGpu,
        Optional<Path> backendDir,
        KvCells kvType,
        int lanes,
        KvLayout kvLayout,
        int cacheRam,
        Optional<String> sha256,
        List<LoraFile> loras) {

    public static final int DEFAULT_SLOTS = 16;
    /** llama.cpp's limit. */
    public static final int MOST_SLOTS = 256;

    public static final int DEFAULT_STEP_TOKENS = 512;

    public static final int DEFAULT_CACHE_RAM = 512;

    private static final String LORA = "lora.";

    /** Types of cells. */
    public enum KvCells {
        F16,
        Q8_0
    }

    /** How slots share the key-value cache. */
    public enum KvLayout {
        /** Whichever suits the device. */
        AUTO,
        /** Each slot has a buffer of its own. */
        STREAMS,
        /** One buffer for all, in which a common prefix is kept once. */
        UNIFIED
    }

    public EngineOptions {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(backendDir, "backendDir");
        Objects.requireNonNull(kvType, "kvType");
        Objects.requireNonNull(kvLayout, "kvLayout");
        if (!sha256.orElse("0".repeat(64)).matches("[0-9A-Fa-f]{64}")) {
            throw new IllegalArgumentException(
                    "--model-sha256 must be 64 hexadecimal digits as sha256sum prints them, not " + sha256.get());
        }
        loras = List.copyOf(loras);
        if (slots < 0 || slots > MOST_SLOTS) {
            throw new IllegalArgumentException("--slots must be from 1 to " + MOST_SLOTS + " or auto, not " + slots);
        }
        if (slotTokens < 0) {
            throw new IllegalArgumentException(
                    "--slot-tokens must be 0 (the model's context) or more, not " + slotTokens);
        }
        if (lanes < 0 || lanes > Math.max(1, slots)) {
            throw new IllegalArgumentException("--lanes must be from 0 (chosen) to the "
                    + (slots == 0 ? "number of slots, which must be given with more than one lane" : slots + " slots")
                    + ", not " + lanes);
        }
        if (cacheRam < 0) {
            throw new IllegalArgumentException("--cache-ram must be 0 (keep no prompts) or more MiB, not " + cacheRam);
        }
        if (stepTokens < slots) {
            throw new IllegalArgumentException(
                    "--step-tokens must be at least the " + slots + " slots, not " + stepTokens);
        }
    }

    /** Defaults for this model. */
    public static EngineOptions of(Path model) {
        return new EngineOptions(
                model,
                DEFAULT_SLOTS,
                0,
                DEFAULT_STEP_TOKENS,
                0,
                0,
                -1,
                0,
                Optional.empty(),
                KvCells.F16,
                0,
                KvLayout.AUTO,
                DEFAULT_CACHE_RAM,
                Optional.empty(),
                List.of());
    }

    /** The same with one slot, so that nothing a sequence goes through depends on others. */
    EngineOptions alone() {
        return new EngineOptions(
                model,
                1,
                slotTokens,
                stepTokens,
                threads,
                samplingThreads,
                gpuLayers,
                mainGpu,
                backendDir,
                kvType,
                1,
                kvLayout,
                cacheRam,
                sha256,
                loras);
    }

    /** The most slots that there can be with these options. */
    public int mostSlots() {
        return slots > 0 ? slots : MOST_SLOTS;
    }

    /** What {@link #parse} reads. */
    List<String> toArguments() {
        List<String> arguments = new ArrayList<>(List.of(
                "model=" + model.toAbsolutePath(),
                "slots=" + slots,
                "slotTokens=" + slotTokens,
                "stepTokens=" + stepTokens,
                "threads=" + threads,
                "samplingThreads=" + samplingThreads,
                "gpuLayers=" + gpuLayers,
                "mainGpu=" + mainGpu,
                "kvType=" + kvType,
                "lanes=" + lanes,
                "kvLayout=" + kvLayout,
                "cacheRam=" + cacheRam));
        for (int i = 0; i < loras.size(); i++) {
            LoraFile lora = loras.get(i);
            arguments.add(LORA + i + "=" + lora.scale() + "=" + lora.name() + "="
                    + lora.file().toAbsolutePath());
        }
        backendDir.ifPresent(dir -> arguments.add("backendDir=" + dir.toAbsolutePath()));
        sha256.ifPresent(digest -> arguments.add("sha256=" + digest));
        return arguments;
    }

    static EngineOptions parse(List<String> arguments) {
        Map<String, String> values = new HashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            values.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        return new EngineOptions(
                Path.of(values.get("model")),
                Integer.parseInt(values.get("slots")),
                Integer.parseInt(values.get("slotTokens")),
                Integer.parseInt(values.get("stepTokens")),
                Integer.parseInt(values.get("threads")),
                Integer.parseInt(values.get("samplingThreads")),
                Integer.parseInt(values.get("gpuLayers")),
                Integer.parseInt(values.get("mainGpu")),
                Optional.ofNullable(values.get("backendDir")).map(Path::of),
                KvCells.valueOf(values.get("kvType").toUpperCase(Locale.ROOT)),
                Integer.parseInt(values.get("lanes")),
                KvLayout.valueOf(values.get("kvLayout")),
                Integer.parseInt(values.get("cacheRam")),
                Optional.ofNullable(values.get("sha256")),
                loras(values));
    }

    private static List<LoraFile> loras(Map<String, String> values) {
        List<LoraFile> loras = new ArrayList<>();
        for (String value = values.get(LORA + 0); value != null; value = values.get(LORA + loras.size())) {
            String[] parts = value.split("=", 3);
            loras.add(new LoraFile(parts[1], Path.of(parts[2]), Float.parseFloat(parts[0])));
        }
        return loras;
    }
}
