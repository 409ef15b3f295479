package io.millrace.worker.app;

import java.io.IOException;
import java.nio.file.Files;

/**
 * How many lanes the engine has, with how many threads each, and how slots share the key-value cache, where the options
 * leave that open.
 *
 * <p>Immutable.
 *
 * @param lanes contexts that share the slots
 * @param threads of a lane's decode
 * @param kvUnified one cache buffer for all slots of a lane
 * @param prefixCacheBytes a lane's memory for saved prefixes
 */
record EngineLayout(int lanes, int threads, boolean kvUnified, long prefixCacheBytes) {
    private static final long MIB = 1 << 20;

    /** Every lane reads all weights in every step: that is cheap only while they stay in the cores' caches. */
    private static final long LARGEST_MODEL_OF_LANES = 128L << 20;

    /** Of fewer a core left free would be too large a part. */
    private static final int LEAST_CORES_TO_LEAVE_ONE = 4;

    private static final int LEAST_SLOTS_OF_A_LANE = 4;

    static EngineLayout of(EngineOptions options) {
        // The bundled backends are CPU backends; a folder of one's own is there to bring another device.
        boolean cpu = options.backendDir().isEmpty();
        int lanes = options.lanes();
        if (lanes == 0) {
            lanes = cpu && options.threads() == 0 && small(options)
                    ? Math.max(1, Math.min(cores(), options.slots() / LEAST_SLOTS_OF_A_LANE))
                    : 1;
        }
        boolean unified = switch (options.kvLayout()) {
            // Attention looks at every cell in use of a buffer: with one for all slots that pays only for small models.
            case AUTO -> cpu && lanes > 1;
            case STREAMS -> false;
            case UNIFIED -> true;
        };
        return new EngineLayout(lanes, threads(options, lanes), unified, options.cacheRam() * MIB / lanes);
    }

    /**
     * One context leaves a core to the JVMs beside the engine, where there are enough, since ggml's threads spin; lanes of
     * one thread do not.
     */
    private static int threads(EngineOptions options, int lanes) {
        if (options.threads() > 0) {
            return options.threads();
        }
        if (lanes > 1) {
            return Math.max(1, cores() / lanes);
        }
        return cores() < LEAST_CORES_TO_LEAVE_ONE ? cores() : cores() - 1;
    }

    private static boolean small(EngineOptions options) {
        try {
            return Files.size(options.model()) <= LARGEST_MODEL_OF_LANES;
        } catch (IOException e) {
            return false; // the engine says what is wrong with the file
        }
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }
}
