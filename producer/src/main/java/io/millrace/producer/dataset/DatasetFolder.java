package io.millrace.producer.dataset;

import io.millrace.producer.files.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A dataset folder as Hugging Face lays them out: data files in the folder itself or in {@code data/}, the split told by
 * the file's or its folder's name.
 *
 * <p>Thread-safe.
 */
final class DatasetFolder {
    private static final Map<String, String> SPLITS = Map.of(
            "train", "train",
            "training", "train",
            "validation", "validation",
            "valid", "validation",
            "val", "validation",
            "dev", "validation",
            "test", "test",
            "testing", "test",
            "eval", "test");

    private DatasetFolder() {}

    /** The files of one split, by name. */
    static List<Path> files(Path folder, Optional<String> split) throws IOException {
        List<Path> all = dataFiles(folder);
        Map<String, List<Path>> bySplit = all.stream()
                .collect(Collectors.groupingBy(file -> splitOf(folder, file), TreeMap::new, Collectors.toList()));
        String wanted =
                split.orElse(bySplit.size() == 1 ? bySplit.keySet().iterator().next() : "train");
        List<Path> files = bySplit.get(SPLITS.getOrDefault(wanted, wanted));
        if (files == null) {
            throw new InputException(folder + ": has no split '" + wanted + "', but "
                    + String.join(", ", bySplit.keySet()) + "; name one by --split");
        }
        TreeSet<Path> configs = new TreeSet<>();
        files.forEach(file -> configs.add(file.getParent()));
        if (configs.size() > 1 && configs.stream().noneMatch(parent -> SPLITS.containsKey(name(parent)))) {
            throw new InputException(
                    folder + ": has data in several folders, which may be several datasets: give one of "
                            + configs.stream().map(Path::toString).collect(Collectors.joining(", "))
                            + " by -i, or all of them");
        }
        return files;
    }

    private static List<Path> dataFiles(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            List<Path> regular = paths.filter(Files::isRegularFile)
                    .filter(path -> hiddenParts(folder, path) == 0)
                    .sorted()
                    .toList();
            List<Path> data =
                    regular.stream().filter(path -> isData(name(path))).toList();
            if (data.isEmpty()) {
                boolean arrow = regular.stream().anyMatch(path -> name(path).endsWith(".arrow"));
                throw new InputException(folder
                        + (arrow
                                ? ": holds Arrow files, which are not read here; write them as Parquet:"
                                        + " load_from_disk(...).to_parquet(...)"
                                : ": holds no .parquet, .jsonl, .json, .csv or .tsv file (.gz and .zst too)"));
            }
            return data;
        }
    }

    private static long hiddenParts(Path folder, Path file) {
        long hidden = 0;
        for (Path part : folder.relativize(file)) {
            hidden += part.toString().startsWith(".") ? 1 : 0;
        }
        return hidden;
    }

    private static boolean isData(String name) {
        return name.matches(".*\\.(parquet|(jsonl|json|ndjson|csv|tsv)(\\.gz|\\.zst)?)")
                && !name.matches("dataset_(infos?|dict)\\.json|state\\.json|package\\.json|run\\.json");
    }

    /** A word in the file's name or the name of a folder above it, else {@code train}. */
    private static String splitOf(Path folder, Path file) {
        Path relative = folder.relativize(file);
        for (int i = relative.getNameCount() - 1; i >= 0; i--) {
            for (String word : name(relative.getName(i)).split("[^a-z]+")) {
                if (SPLITS.containsKey(word)) {
                    return SPLITS.get(word);
                }
            }
        }
        return "train";
    }

    private static String name(Path path) {
        return path.getFileName().toString().toLowerCase(Locale.ROOT);
    }
}
