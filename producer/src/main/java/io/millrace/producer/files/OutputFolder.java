package io.millrace.producer.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The names of the files in an output folder and what they say of its state.
 *
 * <p>Immutable.
 */
record OutputFolder(Path path) {

    Path results() {
        return path.resolve("results.jsonl");
    }

    Path errors() {
        return path.resolve("errors.jsonl");
    }

    /** The answers so far, in order of arrival. */
    Path partialResults() {
        return path.resolve("results.jsonl.partial");
    }

    Path partialErrors() {
        return path.resolve("errors.jsonl.partial");
    }

    Path checkpoint() {
        return path.resolve(".millrace-checkpoint.json");
    }

    Path summary() {
        return path.resolve("run.json");
    }

    /** The summary of the complete run in this folder, whichever it is. */
    Optional<RunSummary> readSummary() throws IOException {
        if (!Files.exists(summary())) {
            return Optional.empty();
        }
        return Optional.of(RunSummary.decode(Files.readAllBytes(summary()), summary()));
    }

    Optional<Checkpoint> readCheckpoint() throws IOException {
        if (!Files.exists(checkpoint())) {
            return Optional.empty();
        }
        return Optional.of(Checkpoint.decode(Files.readAllBytes(checkpoint()), checkpoint()));
    }

    /** What a complete run leaves behind when it is killed at its very end. */
    void deleteUnfinished(Disk disk) throws IOException {
        disk.delete(partialResults());
        disk.delete(partialErrors());
        disk.delete(checkpoint());
        disk.forceFolder(path);
    }

    boolean hasUnfinished() {
        return Files.exists(partialResults()) || Files.exists(partialErrors()) || Files.exists(checkpoint());
    }
}
