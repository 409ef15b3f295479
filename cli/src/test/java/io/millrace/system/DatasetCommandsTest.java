package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.EchoWorker;
import io.millrace.cli.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A Parquet file through submit, collect and export, by the commands a user gives, on a real broker. */
@ExtendWith(SharedBroker.Extension.class)
class DatasetCommandsTest {

    @TempDir
    Path folder;

    @Test
    void aParquetFileGoesInAndATrainingSetComesOut(SharedBroker broker) throws IOException, SQLException {
        String prefix = broker.freshTopics().prefix();
        String[] cluster = {"--bootstrap-server", broker.bootstrap(), "--topic-prefix", prefix};
        Path out = folder.resolve("out");
        Path data = folder.resolve("data");

        CommandLineRun submitted = run(
                cluster,
                "submit",
                "--model",
                "echo",
                "-i",
                "../examples/tasks.parquet",
                "--prompt-column",
                "prompt",
                "--sample",
                "150",
                "--seed",
                "3");
        assertThat(submitted.status()).as(submitted.output()).isZero();
        String runId = submitted.output().lines().reduce("", (first, last) -> last);
        CommandLineRun before = run(cluster, "status");
        EchoWorker.main(new String[] {broker.bootstrap(), prefix, "echo", "150"});
        CommandLineRun collected = run(cluster, "collect", runId, "-o", out.toString(), "--prompts");
        CommandLineRun after = run(cluster, "status", runId);
        CommandLineRun exported = CommandLineRun.of(
                "export", out.toString(), "--to", "messages-parquet", "-o", data.toString(), "--validation", "0.2");

        assertThat(before.output()).containsPattern(runId + " +SEALED +150 +0 +0 +- +[?]");
        assertThat(collected.status()).as(collected.output()).isZero();
        assertThat(after.output()).containsPattern(runId + " +COMPLETE +150 +150 +0 +[0-9.]+ +- +3000 +1800");
        assertThat(exported.status()).as(exported.output()).isZero();
        assertThat(Files.readString(data.resolve("README.md"))).contains("- split: validation");
        becomesTrainingDataAgain(out);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT count(*), count(*) FILTER (t.prompt = d.messages[1].content"
                                + " AND t.prompt = d.messages[2].content AND t.task = d.metadata->>'task') FROM '"
                                + data
                                + "/data/*.parquet' d JOIN '../examples/tasks.parquet' t ON t.id = d.id")) {
            rows.next();
            assertThat(rows.getInt(1)).isEqualTo(150);
            assertThat(rows.getInt(2)).isEqualTo(150);
        }
    }

    /** The run's message trees through the pretokenizer, as they are. */
    private void becomesTrainingDataAgain(Path run) throws IOException {
        Path trees = folder.resolve("trees");
        Path packed = folder.resolve("packed");
        CommandLineRun exported =
                CommandLineRun.of("export", run.toString(), "--to", "oasst-tree", "-o", trees.toString());
        CommandLineRun pretokenized = CommandLineRun.of(
                "pretokenize",
                "--config-file",
                "../examples/pretokenize.yaml",
                "--configs",
                "oasst_top1",
                "--datasets",
                "[oasst_export: {input_file_path: '" + trees + "', top_k: 1, val_split: 0.1}]",
                "--vocab-file",
                "../models/tiny-chatml-q8_0.gguf",
                "--output-dir",
                packed.toString());

        assertThat(exported.status()).as(exported.output()).isZero();
        assertThat(pretokenized.status()).as(pretokenized.output()).isZero();
        assertThat(pretokenized.output()).contains("oasst_export: 135 train, 15 val");
        assertThat(packed.resolve("oasst_top1-train-text.idx")).isNotEmptyFile();
    }

    private static CommandLineRun run(String[] cluster, String... arguments) {
        String[] all = new String[arguments.length + cluster.length];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        System.arraycopy(cluster, 0, all, arguments.length, cluster.length);
        return CommandLineRun.of(all);
    }
}
