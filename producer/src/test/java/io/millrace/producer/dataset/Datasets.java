package io.millrace.producer.dataset;

import io.millrace.producer.files.BadLines;
import io.millrace.producer.files.CheckedInput;
import io.millrace.producer.files.InputCheck;
import io.millrace.producer.files.InputFormat;
import io.millrace.producer.files.TaskCursor;
import io.millrace.producer.plan.Task;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Requests and what comes of them, for tests. */
public final class Datasets {

    private Datasets() {}

    public static Path resource(String name) {
        return Path.of("src/test/resources/inputs", name);
    }

    public static DatasetRequest request(Path... files) {
        return new DatasetRequest(
                List.of(files).stream().map(Path::toString).toList(),
                Optional.empty(),
                Optional.empty(),
                InputFormat.AUTO,
                Columns.TOLD_BY_NAME,
                OptionalLong.empty(),
                OptionalLong.empty(),
                false,
                0);
    }

    public static DatasetRequest with(DatasetRequest request, InputFormat format) {
        return new DatasetRequest(
                request.inputs(),
                request.split(),
                request.select(),
                format,
                request.columns(),
                request.limit(),
                request.sample(),
                request.shuffle(),
                request.seed());
    }

    public static DatasetRequest with(DatasetRequest request, Columns columns) {
        return new DatasetRequest(
                request.inputs(),
                request.split(),
                request.select(),
                request.format(),
                columns,
                request.limit(),
                request.sample(),
                request.shuffle(),
                request.seed());
    }

    public static DatasetRequest selecting(DatasetRequest request, String sql) {
        return new DatasetRequest(
                request.inputs(),
                request.split(),
                Optional.of(sql),
                request.format(),
                request.columns(),
                request.limit(),
                request.sample(),
                request.shuffle(),
                request.seed());
    }

    public static DatasetRequest drawing(DatasetRequest request, OptionalLong sample, boolean shuffle, long seed) {
        return new DatasetRequest(
                request.inputs(),
                request.split(),
                request.select(),
                request.format(),
                request.columns(),
                request.limit(),
                sample,
                shuffle,
                seed);
    }

    public static Columns prompt(String column) {
        return new Columns(
                Optional.of(column), Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(), "en");
    }

    public static Columns template(String text) {
        return new Columns(
                Optional.empty(),
                Optional.empty(),
                Optional.of(Template.of(text)),
                Optional.empty(),
                OptionalInt.empty(),
                "en");
    }

    public static CheckedInput check(DatasetRequest request, Path workDir) throws IOException {
        Snapshot.Lines lines = Snapshot.of(request, InputStream.nullInputStream(), workDir, BadLines.refused());
        return InputCheck.check(lines.file(), lines.format(), request.limit(), BadLines.refused());
    }

    public static List<Task> tasks(DatasetRequest request, Path workDir) throws IOException {
        List<Task> tasks = new ArrayList<>();
        try (TaskCursor cursor = check(request, workDir).open(0)) {
            cursor.forEachRemaining(tasks::add);
        }
        return tasks;
    }

    public static void duck(String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
