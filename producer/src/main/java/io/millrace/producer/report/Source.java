package io.millrace.producer.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Where answers come from: a run or a sampling report.
 *
 * <p>Immutable.
 *
 * @param name tells it from the others
 * @param facts for people, in order: model, engine, seed, seconds ...
 * @param input what tells that two sources ran the same input; empty where unknown
 * @param header what a sampling report says of itself as a JSON object without its prompts
 */
public record Source(String name, Kind kind, String model, Map<String, String> facts, String input, String header) {

    /** What it was read from. */
    public enum Kind {
        RUN,
        SAMPLING_REPORT
    }

    public Source {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(header, "header");
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    Source named(String other) {
        return new Source(other, kind, model, facts, input, header);
    }
}
