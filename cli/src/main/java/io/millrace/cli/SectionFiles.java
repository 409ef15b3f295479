package io.millrace.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.producer.pretokenize.Sections;
import io.millrace.producer.pretokenize.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The pretokenizer's YAML files, and its keys on the command line. Thread-safe. */
final class SectionFiles {
    private static final ObjectMapper YAML = new YAMLMapper();
    private static final Path DEFAULT_FOLDER = Path.of("configs");

    private SectionFiles() {}

    /** @param files none: all YAML files below {@code configs} in the working directory */
    static Sections read(List<Path> files) throws IOException {
        List<Map<String, Object>> contents = new ArrayList<>();
        for (Path file : files.isEmpty() ? defaults() : files) {
            if (!Files.isRegularFile(file)) {
                throw new UserError("--config-file " + file + ": there is no such file");
            }
            contents.add(mapping(file.toString(), Files.readString(file)));
        }
        return new Sections(contents);
    }

    private static List<Path> defaults() throws IOException {
        List<Path> found = List.of();
        if (Files.isDirectory(DEFAULT_FOLDER)) {
            try (Stream<Path> paths = Files.walk(DEFAULT_FOLDER)) {
                found = paths.filter(path -> path.toString().matches(".*\\.ya?ml"))
                        .sorted()
                        .toList();
            }
        }
        if (found.isEmpty()) {
            throw new UserError("there is no YAML file below ./configs; name one by --config-file");
        }
        return found;
    }

    /** A value as it would stand in a file. */
    static Object value(String key, String yaml) {
        return mapping(key, "value: " + yaml).get("value");
    }

    private static Map<String, Object> mapping(String where, String yaml) {
        try {
            Object content = YAML.readValue(yaml, Object.class);
            if (content == null) {
                return Map.of();
            }
            if (content instanceof Map<?, ?> map) {
                Map<String, Object> mapping = new LinkedHashMap<>();
                map.forEach((key, value) -> mapping.put(String.valueOf(key), value));
                return mapping;
            }
            throw new SettingsException(where + ": must hold named sections");
        } catch (JsonProcessingException e) {
            throw new SettingsException(where
                    + (e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr()) + ": is not YAML: "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }
}
