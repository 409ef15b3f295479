package io.millrace.producer.dataset;

import io.millrace.producer.files.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * DuckDB: Parquet, CSV and SQL into JSON lines on disk, which takes no memory that grows with the rows. One thread, so
 * that the same files and the same SQL give the same rows in the same order.
 *
 * <p>Confined to the thread that makes the snapshot.
 */
final class Tables implements AutoCloseable {
    /** More than a job may have, so that a row that is too long is mostly told like that in any other file. */
    private static final int MAX_ROW_BYTES = 16 << 20;

    private final Connection connection;

    /** @param workDir where it puts what does not fit into its memory */
    Tables(Path workDir) {
        Properties settings = new Properties();
        settings.setProperty("threads", "1");
        settings.setProperty("memory_limit", "512MB");
        settings.setProperty("preserve_insertion_order", "true");
        settings.setProperty("temp_directory", workDir.toString());
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        try {
            connection = DriverManager.getConnection("jdbc:duckdb:", settings);
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not start: " + e.getMessage(), e);
        }
    }

    /** All rows of a table, or the first ones. */
    void copy(DataFile file, OptionalLong limit, Path target) throws IOException {
        run(file.name(), "COPY (SELECT * FROM " + relation(file) + limit(limit) + ") " + to(target));
    }

    /** The rows that the user's SQL gives over the view {@code input} with the rows of all files. */
    void select(List<DataFile> files, String sql, OptionalLong limit, Path target) throws IOException {
        List<String> parts = new ArrayList<>();
        for (DataFile file : files) {
            parts.add("SELECT * FROM " + relation(file));
        }
        String all = files.stream().map(DataFile::name).collect(Collectors.joining(", "));
        run(all, "CREATE VIEW input AS " + String.join(" UNION ALL BY NAME ", parts));
        String query = sql.strip().replaceFirst(";$", "");
        run("--select", "COPY (SELECT * FROM (" + query + "\n)" + limit(limit) + ") " + to(target));
    }

    private static String limit(OptionalLong limit) {
        return limit.isPresent() ? " LIMIT " + limit.getAsLong() : "";
    }

    private static String to(Path target) {
        return "TO " + quoted(target.toString()) + " (FORMAT json)";
    }

    /** Every value of a CSV file stays the text it is: 007 is no number. */
    private static String relation(DataFile file) throws IOException {
        String path = quoted(file.path().toString());
        return switch (file.kind()) {
            case PARQUET -> "read_parquet(" + path + ")";
            case LINES -> "read_json(" + path + ", format='newline_delimited', " + jsonOptions(file);
            case ARRAY -> "read_json(" + path + ", format='array', " + jsonOptions(file);
            case CSV, TSV -> {
                char delimiter = file.kind() == DataFile.Kind.CSV ? ',' : '\t';
                String columns = CsvHeader.read(file, delimiter).stream()
                        .map(name -> quoted(name) + ":'VARCHAR'")
                        .collect(Collectors.joining(","));
                yield "read_csv(" + path + ", auto_detect=false, header=true, columns={" + columns + "}, delim='"
                        + delimiter + "', quote='\"', escape='\"', strict_mode=true, max_line_size=" + MAX_ROW_BYTES
                        + ", buffer_size=" + 2 * MAX_ROW_BYTES + compression(file) + ")";
            }
        };
    }

    private static String jsonOptions(DataFile file) {
        return "convert_strings_to_integers=false, sample_size=-1, maximum_object_size=" + MAX_ROW_BYTES
                + compression(file) + ")";
    }

    private static String compression(DataFile file) {
        return ", compression='" + file.packing().duckName() + "'";
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private void run(String where, String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new InputException(DuckMessage.of(where, String.valueOf(e.getMessage())));
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not stop: " + e.getMessage(), e);
        }
    }
}
