package io.millrace.producer.view;

import java.util.Objects;
import java.util.Optional;

/**
 * A worker at a moment.
 *
 * <p>Immutable.
 *
 * @param name its id in the group, or its address as long as it has not said one
 * @param address where it was asked
 * @param figures what it said; empty where it says nothing
 * @param tokensPerSecond sampled over the last seconds
 */
public record WorkerView(
        String name,
        String model,
        Optional<String> address,
        Condition condition,
        int partitions,
        Optional<WorkerFigures> figures,
        double tokensPerSecond) {

    /** How it is. */
    public enum Condition {
        /** It takes jobs. */
        UP,
        /** It answers and its engine does not take jobs: it loads, or starts again. */
        ENGINE_DOWN,
        /** Its address does not answer. */
        SILENT,
        /** It is in its group and nobody has said where its figures are. */
        NOT_ASKED
    }

    public WorkerView {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(condition, "condition");
        Objects.requireNonNull(figures, "figures");
    }

    /** Whether it is known to work. */
    public boolean up() {
        return condition == Condition.UP;
    }
}
