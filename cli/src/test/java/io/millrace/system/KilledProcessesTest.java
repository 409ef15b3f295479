package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.broker.EmbeddedBroker;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.KafkaSettings;
import io.millrace.wire.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole thing in processes of its own, with the real model, two of which are killed in mid-run. */
final class KilledProcessesTest {
    private static final int JOBS = 400;
    private static final Path TASKS =
            Path.of("..", "examples", "tasks.jsonl").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    @Test
    void aKilledEngineAndAKilledWorkerLeaveOneCommittedResultAJob() throws Exception {
        try (LocalRun run = LocalRun.start(
                folder,
                "run",
                "--local",
                "--input-file=" + TASKS,
                "--limit=" + JOBS,
                "--output=out",
                "--system=llama2",
                "--temperature=0",
                "--max-tokens=64")) {
            run.awaitResults(folder.resolve("out"), 40);
            ProcessHandle engine = run.kill("the engine", line -> line.contains(".EngineMain "));
            run.awaitResults(folder.resolve("out"), 160);
            ProcessHandle worker = run.kill("the worker", line -> line.contains(".Main worker "));

            assertThat(run.awaitEnd()).as(run.log()).isZero();
            assertThat(engine.isAlive()).isFalse();
            assertThat(worker.isAlive()).isFalse();
        }

        List<String> results = Files.readAllLines(folder.resolve("out").resolve("results.jsonl"));
        assertThat(results).hasSize(JOBS);
        assertThat(folder.resolve("out").resolve("errors.jsonl")).isEmptyFile();
        assertThat(workerLog().filter(line -> line.contains("the engine process has started")))
                .as("the first, the one after it was killed, the second worker's")
                .hasSize(3);
        assertThat(workerLog().filter(line -> line.contains("ended by signal 9")))
                .hasSize(1);
        assertThat(committedIds()).containsExactlyInAnyOrderElementsOf(indices());
    }

    private Stream<String> workerLog() throws IOException {
        return Files.readAllLines(folder.resolve(".millrace").resolve("log").resolve("worker.log")).stream();
    }

    /** The indices of the jobs whose results are in the topic, as a reader of committed records sees them. */
    private List<Long> committedIds() throws Exception {
        try (EmbeddedBroker broker =
                EmbeddedBroker.start(folder.resolve(".millrace").resolve("broker"), "127.0.0.1", 0)) {
            KafkaClients clients = new KafkaClients(KafkaSettings.of(broker.bootstrap()));
            return CommittedRecords.of(clients, Topics.DEFAULT.results()).stream()
                    .map(ConsumerRecord::key)
                    .map(key -> new String(key, StandardCharsets.UTF_8))
                    .map(id -> Long.valueOf(id.substring(id.lastIndexOf('-') + 1)))
                    .toList();
        }
    }

    private static List<Long> indices() {
        return LongStream.range(0, JOBS).boxed().toList();
    }
}
