package io.millrace.producer.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * One combination of settings that every task of a source ran with.
 *
 * <p>Immutable.
 *
 * @param source the index of its source
 * @param id tells it from the others of its source
 * @param params sampling parameters it sets, name to JSON text
 * @param texts what else it sets: {@code system}, {@code template}, {@code model}, where it does
 */
public record Point(int source, String id, String label, Map<String, String> params, Map<String, String> texts) {

    public Point {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(label, "label");
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
        texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
    }

    /** The parameter's value where it is set to a number; greedy decoding counts as temperature 0. */
    public OptionalDouble number(String param) {
        if (param.equals("temperature") && "false".equals(params.get("do_sample"))) {
            return OptionalDouble.of(0);
        }
        String value = params.get(param);
        if (value == null || !value.matches("-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?")) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(Double.parseDouble(value));
    }

    Point of(int otherSource) {
        return new Point(otherSource, id, label, params, texts);
    }
}
