package io.millrace.producer.files;

import java.io.IOException;
import java.io.InputStream;
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

    /** Undoes a completion: whatever a crash leaves of this is either the complete run or a checkpoint of it. */
    void unfinish(RunSummary summary, Disk disk) throws IOException {
        long resultBytes = copy(results(), partialResults(), disk);
        long errorBytes = copy(errors(), partialErrors(), disk);
        Checkpoint checkpoint = new Checkpoint(
                summary.facts().runId(),
                summary.offsets(),
                resultBytes,
                errorBytes,
                summary.ledger(),
                summary.totals(),
                summary.started().toEpochMilli(),
                Math.round(summary.seconds() * 1000));
        disk.replace(checkpoint(), checkpoint.encode());
        disk.delete(summary());
        disk.forceFolder(path);
    }

    private static long copy(Path from, Path to, Disk disk) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (LineFile copy = new LineFile(disk.append(to, 0), 0);
                InputStream in = Files.newInputStream(from)) {
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                copy.write(buffer, 0, read);
            }
            copy.force();
            return copy.length();
        }
    }

    boolean hasUnfinished() {
        return Files.exists(partialResults()) || Files.exists(partialErrors()) || Files.exists(checkpoint());
    }
}
