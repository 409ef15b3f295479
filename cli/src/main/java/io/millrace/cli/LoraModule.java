package io.millrace.cli;

import io.millrace.worker.llama.LoraFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A LoRA adapter as an option: {@code NAME=FILE} or {@code NAME=FILE:SCALE}. */
final class LoraModule {
    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9._-]+)=(.+?)(?::([0-9]*\\.?[0-9]+))?");

    private LoraModule() {}

    static List<LoraFile> files(List<String> values) {
        Set<String> names = new HashSet<>();
        return values.stream().map(value -> file(value, names)).toList();
    }

    private static LoraFile file(String value, Set<String> names) {
        Matcher form = FORM.matcher(value);
        if (!form.matches()) {
            throw new UserError("--lora-modules must be NAME=FILE or NAME=FILE:SCALE, the name of letters, digits and"
                    + " . _ -, not " + value);
        }
        if (!names.add(form.group(1))) {
            throw new UserError("--lora-modules: two adapters are named " + form.group(1) + "; give each its own name");
        }
        Path path = Path.of(form.group(2));
        if (!Files.isRegularFile(path)) {
            throw new UserError("--lora-modules: " + path + ": no such file; give an adapter's GGUF file");
        }
        return new LoraFile(form.group(1), path, form.group(3) == null ? 1 : Float.parseFloat(form.group(3)));
    }
}
