package io.millrace.cli;

import io.millrace.producer.pretokenize.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The keys of a section as options: {@code --key VALUE}, with the value as in YAML, and {@code --no-key}. Thread-safe. */
final class SectionKeys {

    private SectionKeys() {}

    /** Adds them, but for {@code --output_dir}, which is an option of the command's own. */
    static void addTo(CommandSpec command) {
        for (String key : new TreeSet<>(Settings.KEYS)) {
            if (!key.equals("output_dir")) {
                command.addOption(OptionSpec.builder(names(key))
                        .type(String.class)
                        .paramLabel("VALUE")
                        .hidden(true)
                        .build());
            }
            command.addOption(OptionSpec.builder(names("no-" + key))
                    .type(Boolean.class)
                    .arity("0")
                    .hidden(true)
                    .build());
        }
    }

    /** The keys that were given; without a value those that were unset. */
    static Map<String, Object> given(ParseResult parsed) {
        Map<String, Object> given = new LinkedHashMap<>();
        for (String key : Settings.KEYS) {
            if (parsed.hasMatchedOption(noName(key))) {
                given.put(key, null);
            } else if (!key.equals("output_dir") && parsed.hasMatchedOption(name(key))) {
                given.put(key, SectionFiles.value(name(key), parsed.matchedOptionValue(name(key), "")));
            }
        }
        return given;
    }

    private static String name(String key) {
        return "--" + key;
    }

    private static String noName(String key) {
        return "--no-" + key;
    }

    /** With underscores and with dashes. */
    private static String[] names(String key) {
        return Stream.of(name(key), name(key.replace('_', '-'))).distinct().toArray(String[]::new);
    }
}
