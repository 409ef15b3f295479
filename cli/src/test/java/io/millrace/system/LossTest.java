package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.CommandLineRun;
import io.millrace.job.JobResult;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.TopicSetup;
import io.millrace.system.TestWorker.Act;
import io.millrace.wire.ResultCodec;
import io.millrace.wire.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Somebody moves the group's offsets over jobs that nobody ran: the loss is noticed, named and repaired. */
@ExtendWith(SharedBroker.Extension.class)
final class LossTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int JOBS = 20;

    private final SharedBroker broker;
    private final KafkaClients clients;
    private final Topics topics;

    @TempDir
    Path folder;

    LossTest(SharedBroker broker) {
        this.broker = broker;
        clients = broker.clients();
        topics = broker.freshTopics();
        new TopicSetup(clients, topics, PATIENCE).ensure(SampleJobs.MODEL, 4);
    }

    private CommandLineRun millrace(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--bootstrap-server=" + broker.bootstrap());
        all.add("--topic-prefix=" + topics.prefix());
        return CommandLineRun.of(all.toArray(String[]::new));
    }

    private CommandLineRun run(Path input, String... more) {
        List<String> all = new ArrayList<>(List.of("run", "-i", input.toString(), "-o"));
        all.add(folder.resolve("out").toString());
        all.addAll(List.of("--model", SampleJobs.MODEL, "--loss-alarm-after", "1s"));
        all.addAll(List.of(more));
        return millrace(all.toArray(String[]::new));
    }

    @Test
    void jobsThatNobodyRanAreNamedAndExactlyTheseAreSubmittedAgain() throws Exception {
        Path input = folder.resolve("in.jsonl");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            lines.add("{\"prompt\": \"question " + i + "\"}");
        }
        Files.write(input, lines);
        assertThat(millrace("submit", "-i", input.toString(), "--model", SampleJobs.MODEL)
                        .status())
                .isZero();
        // The first two jobs of partition 1 are those with index 1 and 5.
        try (Admin admin = clients.admin("test")) {
            admin.alterConsumerGroupOffsets(
                            topics.group(SampleJobs.MODEL),
                            Map.of(new TopicPartition(topics.jobs(SampleJobs.MODEL), 1), new OffsetAndMetadata(2, "")))
                    .all()
                    .get();
        }
        try (TestWorker worker = new TestWorker(clients, topics, job -> Act.ANSWER)) {
            CommandLineRun alarm = run(input);
            assertThat(alarm.output()).contains("has lost 2 jobs (index 1, 5)", "millrace run --repair");
            assertThat(alarm.status()).isEqualTo(3);

            CommandLineRun repaired = run(input, "--repair");
            assertThat(repaired.output()).contains("2 lost jobs submitted again", "20 answered, 0 failed");
            assertThat(repaired.status()).isZero();
            assertThat(run(input, "--repair").output()).contains("nothing to do");
        }
        assertThat(Files.readAllLines(folder.resolve("out").resolve("results.jsonl")))
                .hasSize(JOBS);
        assertThat(CommittedRecords.of(clients, topics.results()).stream()
                        .map(record -> ResultCodec.decode(record.value()))
                        .filter(result -> result.replay() > 0)
                        .map(JobResult::id)
                        .map(id -> id.index()))
                .containsExactlyInAnyOrder(1L, 5L);
    }

    @Test
    void aSlowJobIsNotTakenForALostOne() throws Exception {
        Path input = folder.resolve("in.jsonl");
        Files.writeString(input, "\"one\"\n\"two\"\n");
        // Answered when the alarm would have come more than once.
        try (TestWorker worker = new TestWorker(
                clients, topics, job -> job.id().index() == 0 ? Act.ANSWER : Act.ANSWER_IN_SIX_SECONDS)) {
            assertThat(run(input).output()).contains("2 answered, 0 failed");
        }
    }
}
