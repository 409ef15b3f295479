package io.millrace.producer.pretokenize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What to pretokenize and how.
 *
 * <p>Immutable.
 *
 * @param outputDir with its suffix
 * @param minAssistantTokens dialogues with fewer are left out
 * @param extraTokens special tokens to add behind the vocabulary where it lacks them
 * @param vocabFile the vocabulary
 * @param dataPath the folder that datasets' files are relative to
 * @param datasetFiles files of datasets that name none themselves
 */
public record Settings(
        List<DatasetSettings> datasets,
        String outputDir,
        String prefix,
        OptionalLong minAssistantTokens,
        long seed,
        List<String> extraTokens,
        Optional<String> vocabFile,
        Optional<String> dataPath,
        Map<String, String> datasetFiles) {
    /** All keys of a section; some of the original mean nothing here and are let pass. */
    public static final Set<String> KEYS = Set.of(
            "datasets",
            "datasets_extra",
            "output_dir",
            "output_dir_suffix",
            "filename_prefix",
            "min_assistant_tokens",
            "rng_seed",
            "vocab_extra_ids_list",
            "vocab_file",
            "data_path",
            "dataset_files",
            "tokenizer_type",
            "dataset_impl",
            "cache_dir",
            "use_system_prefix",
            "eval_size");

    /** The only layout and the only kind of tokenizer of the original that are written and read here. */
    private static final Map<String, String> SINGLE_CHOICES =
            Map.of("dataset_impl", "mmap", "tokenizer_type", "SentencePieceTokenizer");

    public static Settings of(Map<String, Object> merged) {
        Values values = new Values("configuration", merged);
        values.requireKnown(KEYS);
        SINGLE_CHOICES.forEach((key, only) -> values.text(key).ifPresent(value -> {
            if (!value.equals(only)) {
                throw values.wrong(key, only + " (or left out)", value);
            }
        }));
        if (merged.get("eval_size") != null) {
            throw new SettingsException("configuration: eval_size has no effect in the original and none here;"
                    + " use a dataset's max_val_set");
        }
        List<Object> named = new ArrayList<>(values.list("datasets"));
        named.addAll(values.list("datasets_extra"));
        if (named.isEmpty()) {
            throw new SettingsException("configuration: datasets is empty; name a section that has some by --configs");
        }
        String prefix = values.text("filename_prefix")
                .orElseThrow(() -> new SettingsException("configuration: filename_prefix is missing"));
        if (prefix.isBlank() || prefix.contains("/")) {
            throw values.wrong("filename_prefix", "the start of a file name", prefix);
        }
        String output = values.text("output_dir")
                .orElseThrow(() -> new SettingsException(
                        "configuration: output_dir is missing; set it in a section or by --output-dir"));
        Map<String, String> files = new LinkedHashMap<>();
        Values.section("dataset_files", merged.get("dataset_files"))
                .forEach((name, file) -> files.put(name, String.valueOf(file)));
        return new Settings(
                named.stream().map(DatasetSettings::of).toList(),
                output + values.text("output_dir_suffix").orElse(""),
                prefix,
                values.whole("min_assistant_tokens", 0),
                values.whole("rng_seed", Long.MIN_VALUE).orElse(42),
                extraTokens(values),
                values.text("vocab_file"),
                values.text("data_path"),
                files);
    }

    private static List<String> extraTokens(Values values) {
        String all = values.text("vocab_extra_ids_list").orElse(ChatTokens.START + "," + ChatTokens.END);
        return Arrays.stream(all.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** The dataset's file, relative to {@link #dataPath}. */
    public String file(DatasetSettings dataset) {
        return dataset.file()
                .or(() -> Optional.ofNullable(datasetFiles.get(dataset.name())))
                .orElseThrow(() -> new SettingsException("dataset " + dataset.name()
                        + ": has no file; name yours by input_file_path, or by its name under dataset_files"));
    }
}
