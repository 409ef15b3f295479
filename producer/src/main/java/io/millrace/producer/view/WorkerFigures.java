package io.millrace.producer.view;

import java.util.Objects;

/**
 * What a worker says of itself.
 *
 * <p>Immutable.
 *
 * @param slots places for sequences; 0 before the engine is ready
 * @param busySlots sequences in slots
 * @param waiting jobs taken and without a slot
 * @param promptTokens decoded since it started
 * @param generatedTokens sampled since it started
 * @param kvUse share of the key-value cache that is reserved, 0 to 1
 * @param groupBacklog unfinished jobs of the model in all partitions
 */
public record WorkerFigures(
        String worker,
        String model,
        boolean engineUp,
        long slots,
        long busySlots,
        long waiting,
        int partitions,
        long promptTokens,
        long generatedTokens,
        double kvUse,
        long groupBacklog) {

    public WorkerFigures {
        Objects.requireNonNull(worker, "worker");
        Objects.requireNonNull(model, "model");
    }
}
