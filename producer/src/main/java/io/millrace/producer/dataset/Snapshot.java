package io.millrace.producer.dataset;

import io.millrace.producer.files.BadLines;
import io.millrace.producer.files.InputException;
import io.millrace.producer.files.InputFile;
import io.millrace.producer.files.InputFormat;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Any dataset as a file of lines. What is one file of lines already stays the user's own file. All else is read once into
 * a snapshot beside the work of the process: its bytes follow from the rows and the request alone, so that the same
 * command makes the same run again and a submitter that was killed goes on with the same rows in the same order.
 *
 * <p>Confined to the thread that makes it.
 */
public final class Snapshot {
    private final DatasetRequest request;
    private final Path workDir;
    private final BadLines badLines;

    private Snapshot(DatasetRequest request, Path workDir, BadLines badLines) {
        this.request = request;
        this.workDir = workDir;
        this.badLines = badLines;
    }

    /** The input for {@code InputCheck}, and what its lines are. */
    public record Lines(InputFile file, InputFormat format) {}

    /**
     * Opens the dataset.
     *
     * @param workDir for the snapshot, which goes with the process
     * @throws InputException when it cannot be used
     */
    public static Lines of(DatasetRequest request, InputStream stdin, Path workDir, BadLines badLines)
            throws IOException {
        List<DataFile> files = DataFiles.of(request.inputs(), request.split(), stdin, workDir);
        if (request.plain() && files.size() == 1 && files.get(0).kind() == DataFile.Kind.LINES) {
            DataFile only = files.get(0);
            if (request.format() != InputFormat.AUTO || FirstRow.isTask(only)) {
                return new Lines(InputFile.converted(only.name(), only.path()), request.format());
            }
        }
        Files.createDirectories(workDir);
        return new Lines(new Snapshot(request, workDir, badLines).make(files), InputFormat.SNAPSHOT);
    }

    private InputFile make(List<DataFile> files) throws IOException {
        Path snapshot = temporary("snapshot-");
        List<String> sources = new ArrayList<>();
        boolean oneFileOfLines =
                files.size() == 1 && request.select().isEmpty() && files.get(0).kind() == DataFile.Kind.LINES;
        long tasks;
        try (SnapshotWriter writer = new SnapshotWriter(
                new BufferedOutputStream(Files.newOutputStream(snapshot), 1 << 16),
                new ToldShape(request.format(), request.columns()),
                badLines,
                early(),
                oneFileOfLines)) {
            if (request.select().isPresent()) {
                sources.add("--select");
                addSelected(writer, files, request.select().get());
            } else {
                for (DataFile file : files) {
                    add(writer, file, sources.size());
                    sources.add(file.name());
                }
            }
            writer.requireGood();
            tasks = writer.tasks();
        }
        String name = files.stream().map(DataFile::name).collect(Collectors.joining(", "));
        if (tasks == 0) {
            throw new InputException(name + ": gives no row; check " + why());
        }
        return InputFile.snapshot(name, chosen(snapshot, tasks), sources);
    }

    private String why() {
        return request.select().isPresent() ? "--select" : "the file, and for message trees --oasst-lang and top-k";
    }

    private void addSelected(SnapshotWriter writer, List<DataFile> files, String sql) throws IOException {
        Path rows = temporary("rows-");
        try (Tables tables = new Tables(workDir)) {
            tables.select(files, sql, early(), rows);
        }
        writer.add(InputFile.converted("--select", rows), 0, true);
        Files.delete(rows);
    }

    private void add(SnapshotWriter writer, DataFile file, int source) throws IOException {
        if (file.kind() == DataFile.Kind.LINES) {
            writer.add(InputFile.converted(file.name(), file.path()), source, false);
            return;
        }
        Path rows = temporary("rows-");
        if (file.table()) {
            try (Tables tables = new Tables(workDir)) {
                tables.copy(file, early(), rows);
            }
        } else {
            ArrayLines.copy(file, rows);
        }
        writer.add(InputFile.converted(file.name(), rows), source, true);
        Files.delete(rows);
    }

    /** The limit where no later row can come among the first ones. */
    private OptionalLong early() {
        return request.sample().isEmpty() && !request.shuffle() && !badLines.skipped()
                ? request.limit()
                : OptionalLong.empty();
    }

    private Path chosen(Path snapshot, long tasks) throws IOException {
        Path chosen = snapshot;
        if (request.sample().isPresent() && request.sample().getAsLong() < tasks) {
            Path sampled = temporary("sample-");
            Selection.sample(chosen, tasks, request.sample().getAsLong(), request.seed(), sampled);
            Files.delete(chosen);
            chosen = sampled;
        }
        if (request.shuffle()) {
            Path shuffled = temporary("shuffle-");
            Selection.shuffle(chosen, request.seed(), shuffled);
            Files.delete(chosen);
            chosen = shuffled;
        }
        return chosen;
    }

    private Path temporary(String prefix) throws IOException {
        Path file = Files.createTempFile(workDir, prefix, ".jsonl");
        file.toFile().deleteOnExit();
        return file;
    }
}
