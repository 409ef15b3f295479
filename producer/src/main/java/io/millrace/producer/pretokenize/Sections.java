package io.millrace.producer.pretokenize;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Named sections of configuration files: a section in a later file takes the place of one of the same name before it.
 *
 * <p>Immutable.
 */
public final class Sections {
    private static final String DEFAULTS = "defaults";

    private final Map<String, Map<String, Object>> sections = new LinkedHashMap<>();

    /** @param files their contents in order; keys are section names */
    public Sections(List<? extends Map<String, ?>> files) {
        for (Map<String, ?> file : files) {
            file.forEach((name, section) -> sections.put(name, Values.section(name, section)));
        }
    }

    /**
     * The defaults, each named section laid over them in turn, and the command line over all.
     *
     * @param names each perhaps several with commas between
     */
    public Map<String, Object> overlay(List<String> names, Map<String, ?> overrides) {
        Map<String, Object> merged = new LinkedHashMap<>(sections.getOrDefault(DEFAULTS, Map.of()));
        for (String name : split(names)) {
            Map<String, Object> section = sections.get(name);
            if (section == null) {
                throw new SettingsException("--configs " + name + ": there is no such section; the files have "
                        + String.join(", ", sections.keySet()));
            }
            merged.putAll(section);
        }
        merged.putAll(overrides);
        return merged;
    }

    private static List<String> split(List<String> names) {
        List<String> found = new ArrayList<>();
        for (String name : names) {
            for (String part : name.split(",", -1)) {
                if (!part.isBlank()) {
                    found.add(part.strip());
                }
            }
        }
        return found;
    }
}
