package io.millrace.producer.sweep;

import io.millrace.producer.plan.Sweep;
import java.util.List;
import java.util.Objects;

/**
 * What a configuration file asks for.
 *
 * <p>Immutable.
 *
 * @param scorers as they are written, such as {@code number:answer}
 * @param notes what the user may want to know of it, a sentence each
 */
public record SweepConfig(Sweep sweep, List<String> scorers, List<String> notes) {

    public SweepConfig {
        Objects.requireNonNull(sweep, "sweep");
        scorers = List.copyOf(scorers);
        notes = List.copyOf(notes);
    }
}
