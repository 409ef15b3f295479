package io.millrace.worker.llama;

import java.util.OptionalLong;

/**
 * How many slots suit a machine: on a GPU as many as its free memory holds, since a step of many sequences costs little
 * more than one of few; on a CPU, where a step's time grows with its sequences, no more than 32.
 *
 * <p>Immutable.
 */
final class SlotCount {
    private static final int MOST_ON_CPU = 32;
    private static final int UNKNOWN = 16;
    /** Of free memory: the rest is for compute buffers and for others. */
    private static final double SHARE = 0.85;

    private SlotCount() {}

    /**
     * @param gpu whether the cache lies on a GPU
     * @param freeBytes when the weights are loaded
     * @param slotBytes keys and values of a slot
     */
    static int of(boolean gpu, OptionalLong freeBytes, long slotBytes) {
        int most = gpu ? LlamaEngineConfig.MAX_SLOTS : MOST_ON_CPU;
        if (freeBytes.isEmpty()) {
            return UNKNOWN;
        }
        long fit = (long) (freeBytes.getAsLong() * SHARE / slotBytes);
        return (int) Math.max(1, Math.min(most, fit));
    }
}
