package io.millrace.producer.dataset;

import io.millrace.producer.files.InputException;
import io.millrace.producer.files.InputFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the user's {@code -i} options name: files, globs, dataset folders, standard input. Thread-safe. */
final class DataFiles {
    private static final String GLOB_CHARACTERS = "*?[{";

    private DataFiles() {}

    /**
     * All files in the user's order, those of a glob or folder by name.
     *
     * @param workDir where standard input is kept
     */
    static List<DataFile> of(List<String> inputs, Optional<String> split, InputStream stdin, Path workDir)
            throws IOException {
        List<DataFile> files = new ArrayList<>();
        for (String input : inputs) {
            Path path = Path.of(input);
            if (input.equals("-")) {
                InputFile spooled = InputFile.spooled(stdin, workDir);
                files.add(DataFile.of(spooled.name(), spooled.path()));
            } else if (Files.isDirectory(path)) {
                for (Path file : DatasetFolder.files(path, split)) {
                    files.add(DataFile.of(file.toString(), file));
                }
            } else if (!Files.exists(path) && isGlob(input)) {
                for (Path file : matches(input)) {
                    files.add(DataFile.of(file.toString(), file));
                }
            } else {
                files.add(DataFile.of(input, InputFile.of(path).path()));
            }
        }
        return files;
    }

    private static boolean isGlob(String input) {
        return input.chars().anyMatch(c -> GLOB_CHARACTERS.indexOf(c) >= 0);
    }

    private static List<Path> matches(String glob) throws IOException {
        int wild = 0;
        while (GLOB_CHARACTERS.indexOf(glob.charAt(wild)) < 0) {
            wild++;
        }
        int slash = glob.lastIndexOf('/', wild);
        Path base = Path.of(slash < 0 ? "" : slash == 0 ? "/" : glob.substring(0, slash));
        if (!Files.isDirectory(base)) {
            throw new InputException(glob + ": there is no folder " + base);
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        try (Stream<Path> paths = Files.walk(base)) {
            List<Path> found = paths.filter(Files::isRegularFile)
                    .filter(matcher::matches)
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new InputException(glob + ": matches no file");
            }
            return found;
        }
    }
}
