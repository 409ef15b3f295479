package io.millrace.worker.llama;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a {@link LlamaEngine} is made of.
 *
 * <p>Immutable.
 *
 * @param model the GGUF file
 * @param slots places for sequences, 1 to 256 (llama.cpp's limit); 0 takes as many as suit the memory
 * @param slotTokens cells of a slot, rounded up to a multiple of 256, as llama.cpp does; 0 takes the model's trained
 *     context, at most 2,048
 * @param stepTokens the most tokens of one step, at least one for each slot
 * @param threads of a decode in which every slot has one token. ggml's threads spin while they wait for each other, so
 *     more threads than idle cores make a step several times slower
 * @param batchThreads of a decode with prompts in it
 * @param samplingThreads that sample when there is enough to do; 1 keeps sampling on the decode thread
 * @param gpuLayers layers to put on the GPU; -1: all, when a GPU backend is there
 * @param mainGpu the GPU that takes them, counted from 0: one engine uses one GPU
 * @param backendDir a folder with further ggml backends
 * @param kvType of keys and values
 * @param kvUnified one buffer for all slots instead of a stream for each: faster on a CPU where jobs share a prefix,
 *     which is kept once then, slower on a GPU, where every slot's attention walks the cells of all
 * @param sha256 what the file must have, or it is not loaded; 64 hexadecimal digits
 * @param loras adapters that jobs may ask for
 */
public record LlamaEngineConfig(
        Path model,
        int slots,
        int slotTokens,
        int stepTokens,
        int threads,
        int batchThreads,
        int samplingThreads,
        int gpuLayers,
        int mainGpu,
        Optional<Path> backendDir,
        KvType kvType,
        boolean kvUnified,
        Optional<String> sha256,
        List<LoraFile> loras) {
    static final int MAX_SLOTS = 256;
    static final int CELLS = 256;
    private static final int MAX_THREADS = 512;
    /** More cells than this overflow llama.cpp's 32-bit sizes. */
    private static final int MAX_SLOT_TOKENS = 1 << 24;
    /** Attention walks whole slots, so without a wish they are no longer than this. */
    private static final int DEFAULT_SLOT_TOKENS = 2048;

    public LlamaEngineConfig {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(backendDir, "backendDir");
        Objects.requireNonNull(kvType, "kvType");
        Objects.requireNonNull(sha256, "sha256");
        loras = List.copyOf(loras);
        inRange("slots", slots, 0, MAX_SLOTS);
        inRange("slotTokens", slotTokens, 0, MAX_SLOT_TOKENS);
        slotTokens = (slotTokens + CELLS - 1) / CELLS * CELLS;
        if ((long) slots * slotTokens > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(slots + " slots of " + slotTokens
                    + " tokens are more cells than llama.cpp can count (2,147,483,647)");
        }
        inRange("stepTokens", stepTokens, slots, 1 << 20);
        inRange("threads", threads, 1, MAX_THREADS);
        inRange("batchThreads", batchThreads, 1, MAX_THREADS);
        inRange("samplingThreads", samplingThreads, 1, MAX_THREADS);
        inRange("gpuLayers", gpuLayers, -1, 1 << 16);
        inRange("mainGpu", mainGpu, 0, 1 << 10);
    }

    /** 16 slots of 1,024 tokens, 512 tokens a step, F16, everything on the GPU if there is one, all cores but one. */
    public static LlamaEngineConfig of(Path model) {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        return new LlamaEngineConfig(
                model,
                16,
                1024,
                512,
                threads,
                threads,
                threads,
                -1,
                0,
                Optional.empty(),
                KvType.F16,
                false,
                Optional.empty(),
                List.of());
    }

    public LlamaEngineConfig withSlots(int newSlots, int newSlotTokens, int newStepTokens) {
        return new LlamaEngineConfig(
                model,
                newSlots,
                newSlotTokens,
                newStepTokens,
                threads,
                batchThreads,
                samplingThreads,
                gpuLayers,
                mainGpu,
                backendDir,
                kvType,
                kvUnified,
                sha256,
                loras);
    }

    /** The same with slots of a definite length: where none was asked for, what suits a model of this context. */
    LlamaEngineConfig fittedTo(int trainedContextTokens) {
        if (slotTokens > 0) {
            return this;
        }
        int known = trainedContextTokens > 0 ? trainedContextTokens : DEFAULT_SLOT_TOKENS;
        return withSlots(slots, Math.max(CELLS, Math.min(known, DEFAULT_SLOT_TOKENS) / CELLS * CELLS), stepTokens);
    }

    public LlamaEngineConfig withThreads(int decoding, int batch, int sampling) {
        return new LlamaEngineConfig(
                model,
                slots,
                slotTokens,
                stepTokens,
                decoding,
                batch,
                sampling,
                gpuLayers,
                mainGpu,
                backendDir,
                kvType,
                kvUnified,
                sha256,
                loras);
    }

    public LlamaEngineConfig withKvUnified(boolean unified) {
        return new LlamaEngineConfig(
                model,
                slots,
                slotTokens,
                stepTokens,
                threads,
                batchThreads,
                samplingThreads,
                gpuLayers,
                mainGpu,
                backendDir,
                kvType,
                unified,
                sha256,
                loras);
    }

    /** The same for a file with this digest only. */
    public LlamaEngineConfig withSha256(String digest) {
        return new LlamaEngineConfig(
                model,
                slots,
                slotTokens,
                stepTokens,
                threads,
                batchThreads,
                samplingThreads,
                gpuLayers,
                mainGpu,
                backendDir,
                kvType,
                kvUnified,
                Optional.of(digest),
                loras);
    }

    public LlamaEngineConfig withLoras(List<LoraFile> newLoras) {
        return new LlamaEngineConfig(
                model,
                slots,
                slotTokens,
                stepTokens,
                threads,
                batchThreads,
                samplingThreads,
                gpuLayers,
                mainGpu,
                backendDir,
                kvType,
                kvUnified,
                sha256,
                newLoras);
    }

    private static void inRange(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be from " + least + " to " + most);
        }
    }
}
