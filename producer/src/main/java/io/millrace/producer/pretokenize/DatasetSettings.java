package io.millrace.producer.pretokenize;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One entry of the list of datasets.
 *
 * <p>Immutable.
 *
 * @param fraction of the training dialogues to take
 * @param size how many training dialogues to take
 * @param validation the part of the rows, or trees, that goes into the validation split
 * @param maxValidation the most dialogues of the validation split
 * @param languages of the root prompts of message trees, with commas between
 * @param topK of message trees: only answers ranked below it
 * @param file the dataset's own, as the user gave it
 */
public record DatasetSettings(
        String name,
        Optional<Double> fraction,
        OptionalLong size,
        double validation,
        OptionalLong maxValidation,
        String languages,
        OptionalInt topK,
        Optional<String> file) {
    /** Message trees; every other dataset has a chat a row. */
    public static final String OASST = "oasst_export";

    private static final Set<String> NAMES =
            Set.of(OASST, "orca-chat", "megacode", "megacode2", "megacode3", "bestofmegacode", "sharegpt", "messages");
    private static final Set<String> KEYS =
            Set.of("fraction", "size", "val_split", "max_val_set", "input_file_path", "lang", "top_k");
    private static final double DEFAULT_VALIDATION = 0.2;

    /** An element of the list: a name, or a mapping of a name to keys. */
    static DatasetSettings of(Object element) {
        if (element instanceof String name) {
            return of(name, Map.of());
        }
        Map<String, Object> named = Values.section("datasets", element);
        if (named.size() != 1) {
            throw new SettingsException("datasets: an element must be one name, perhaps with keys below it, not "
                    + named.keySet() + "; indent a dataset's keys deeper than its name");
        }
        Map.Entry<String, Object> only = named.entrySet().iterator().next();
        return of(only.getKey(), Values.section("dataset " + only.getKey(), only.getValue()));
    }

    private static DatasetSettings of(String name, Map<String, Object> keys) {
        if (!NAMES.contains(name)) {
            throw new SettingsException("datasets: there is no dataset " + name + "; there are "
                    + String.join(", ", NAMES.stream().sorted().toList()));
        }
        Values values = new Values("dataset " + name, keys);
        if (keys.containsKey("hf_dataset_name")) {
            throw new SettingsException("dataset " + name + ": hf_dataset_name is not fetched here; download the"
                    + " export and name it by input_file_path");
        }
        values.requireKnown(KEYS);
        if (!name.equals(OASST) && (keys.get("lang") != null || keys.get("top_k") != null)) {
            throw new SettingsException("dataset " + name + ": lang and top_k are for " + OASST + " alone");
        }
        Optional<Double> fraction = values.part("fraction");
        OptionalLong size = values.whole("size", 1);
        if (fraction.isPresent() && (size.isPresent() || fraction.get() == 0)) {
            throw new SettingsException("dataset " + name + ": give fraction, above 0, or size, not both");
        }
        OptionalLong topK = values.whole("top_k", 1);
        return new DatasetSettings(
                name,
                fraction,
                size,
                values.part("val_split").orElse(DEFAULT_VALIDATION),
                values.whole("max_val_set", 0),
                values.text("lang").orElse("en"),
                topK.isPresent() ? OptionalInt.of(Math.toIntExact(topK.getAsLong())) : OptionalInt.empty(),
                values.text("input_file_path"));
    }
}
