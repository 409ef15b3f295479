package io.millrace.cli.local;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the broker and the workers of the run on this machine are, in files beside their data, so that other commands in
 * the same folder find them. A run that was killed leaves its files behind.
 *
 * <p>Immutable.
 */
public final class LocalAddresses {
    private final Path folder;

    /** @param work the folder of {@link LocalCluster#start} */
    public LocalAddresses(Path work) {
        this.folder = work.resolve("addresses").toAbsolutePath();
    }

    void start(String bootstrap) throws IOException {
        Files.createDirectories(folder);
        clear();
        Files.writeString(brokerFile(), bootstrap + "\n");
    }

    void clear() throws IOException {
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private Path brokerFile() {
        return folder.resolve("kafka");
    }

    /** Where a worker writes its address. */
    Path workerFile(int number) {
        return folder.resolve("worker-" + number);
    }

    /** The broker's; empty where no run goes on. */
    public Optional<String> broker() {
        return read(brokerFile());
    }

    /** Of the workers' figures, as far as they serve them. */
    public Set<String> workers() {
        Set<String> workers = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "worker-*")) {
            files.forEach(file -> read(file).ifPresent(workers::add));
        } catch (IOException e) {
            return Set.of(); // no run goes on, or it ends just now
        }
        return workers;
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file).strip()).filter(address -> !address.isEmpty());
        } catch (IOException e) {
            return Optional.empty(); // not there, or deleted just now
        }
    }
}
