package io.millrace.producer.pretokenize;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads a mapping of a configuration file key by key; an absent value and null are the same.
 *
 * <p>Immutable.
 *
 * @param where what the mapping belongs to, for messages
 */
record Values(String where, Map<String, Object> values) {

    static Map<String, Object> section(String where, Object value) {
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new SettingsException(where + ": must be a mapping of keys to values, not " + value);
        }
        Map<String, Object> section = new LinkedHashMap<>();
        map.forEach((key, element) -> section.put(String.valueOf(key), element));
        return section;
    }

    void requireKnown(Set<String> known) {
        Set<String> unknown = new LinkedHashSet<>(values.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new SettingsException(where + ": there is no key " + String.join(", ", unknown) + "; there are "
                    + String.join(", ", known.stream().sorted().toList()));
        }
    }

    Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key)).map(value -> {
            if (value instanceof Map || value instanceof List) {
                throw wrong(key, "a text", value);
            }
            return value.toString();
        });
    }

    OptionalLong whole(String key, long least) {
        Object value = values.get(key);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (!(value instanceof Integer || value instanceof Long) || ((Number) value).longValue() < least) {
            throw wrong(key, "a whole number of at least " + least, value);
        }
        return OptionalLong.of(((Number) value).longValue());
    }

    /** A part of a whole. */
    Optional<Double> part(String key) {
        Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Number number) || !(number.doubleValue() >= 0 && number.doubleValue() <= 1)) {
            throw wrong(key, "a number from 0 to 1", value);
        }
        return Optional.of(number.doubleValue());
    }

    List<Object> list(String key) {
        Object value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw wrong(key, "a list", value);
        }
        return new ArrayList<>(list);
    }

    SettingsException wrong(String key, String wanted, Object value) {
        return new SettingsException(where + ": " + key + " must be " + wanted + ", not " + value);
    }
}
