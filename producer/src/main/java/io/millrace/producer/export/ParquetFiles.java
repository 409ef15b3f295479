package io.millrace.producer.export;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/** JSON lines into Parquet with zstd, by DuckDB on one thread, so that the same lines give the same bytes. Thread-safe. */
final class ParquetFiles {
    private static final int ROW_GROUP_ROWS = 20_480;
    private static final int MAX_ROW_BYTES = 64 << 20;

    private ParquetFiles() {}

    static void write(Path lines, List<ExportFormat.Column> columns, Path target) {
        String types = columns.stream()
                .map(column -> column.name() + ": '" + column.type() + "'")
                .collect(Collectors.joining(", "));
        run("COPY (SELECT * FROM read_json(" + quoted(lines) + ", format='newline_delimited', columns={" + types
                + "}, maximum_object_size=" + MAX_ROW_BYTES + ", compression='none')) TO " + quoted(target)
                + " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE " + ROW_GROUP_ROWS + ")");
    }

    private static void run(String sql) {
        Properties settings = new Properties();
        settings.setProperty("threads", "1");
        settings.setProperty("memory_limit", "1GB");
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:", settings);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not write Parquet: " + e.getMessage(), e);
        }
    }

    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "''") + "'";
    }
}
