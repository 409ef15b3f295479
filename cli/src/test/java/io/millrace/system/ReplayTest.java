package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.CommandLineRun;
import io.millrace.job.JobResult;
import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.TopicSetup;
import io.millrace.producer.kafka.DeadJob;
import io.millrace.producer.kafka.DeadJobs;
import io.millrace.producer.kafka.JobSubmitter;
import io.millrace.producer.kafka.Resubmission;
import io.millrace.producer.kafka.SubmitOptions;
import io.millrace.system.TestWorker.Act;
import io.millrace.wire.JobCodec;
import io.millrace.wire.ResultCodec;
import io.millrace.wire.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Dead jobs are submitted again, on a real broker with the real pipeline. */
@ExtendWith(SharedBroker.Extension.class)
final class ReplayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String RUN = "replayed";
    private static final int JOBS = 40;

    private final SharedBroker broker;
    private final KafkaClients clients;
    private final Topics topics;
    /** Indices that the engine refuses. */
    private final Set<Long> refused = ConcurrentHashMap.newKeySet();

    @TempDir
    Path folder;

    ReplayTest(SharedBroker broker) {
        this.broker = broker;
        clients = broker.clients();
        topics = broker.freshTopics();
        new TopicSetup(clients, topics, PATIENCE).ensure(SampleJobs.MODEL, 4);
        try (JobSubmitter submitter = new JobSubmitter(clients, topics, SampleJobs.run(RUN), SubmitOptions.DEFAULTS)) {
            submitter.submit(SampleJobs.jobs(RUN, 0, JOBS));
        }
    }

    private TestWorker worker() {
        return new TestWorker(clients, topics, job -> refused.contains(job.id().index()) ? Act.REFUSE : Act.ANSWER);
    }

    private CommandLineRun millrace(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--bootstrap-server=" + broker.bootstrap();
        all[arguments.length + 1] = "--topic-prefix=" + topics.prefix();
        return CommandLineRun.of(all);
    }

    @Test
    void aReplayOfAJobWhoseCauseIsGoneEndsAsOneAnswerAndOneLine() throws Exception {
        Path out = folder.resolve("out");
        refused.addAll(List.of(3L, 17L));
        try (TestWorker worker = worker()) {
            assertThat(millrace("collect", RUN, "-o", out.toString()).status()).isEqualTo(1);
            assertThat(lines(out, "errors.jsonl")).hasSize(2);
            CommandLineRun list = millrace("dead", "list", RUN);
            assertThat(list.output())
                    .contains("replayed-3 ", "line-18", "CONTEXT_WINDOW_EXCEEDED", "refused by the script", "2 dead");
            CommandLineRun show = millrace("dead", "show", "replayed-17");
            assertThat(show.output())
                    .contains("worker     w1", "build      scripted 1", "attempts   1")
                    .contains("w1: CONTEXT_WINDOW_EXCEEDED: refused by the script")
                    .contains("What comes after 17?");

            refused.clear();
            CommandLineRun replay = millrace("dead", "replay", RUN, "--job", "17");
            assertThat(replay.output()).contains("1 jobs submitted again");
            assertThat(replay.status()).isZero();
            assertThat(millrace("collect", RUN, "-o", out.toString()).output())
                    .contains("39 answered, 1 failed (CONTEXT_WINDOW_EXCEEDED 1");
            assertThat(millrace("dead", "replay", RUN).output())
                    .contains("1 jobs submitted again, 1 were submitted again before");
            CommandLineRun collected = millrace("collect", RUN, "-o", out.toString());
            assertThat(collected.status()).isZero();
            assertThat(collected.output()).contains("40 answered, 0 failed");
            assertThat(millrace("collect", RUN, "-o", out.toString()).output()).contains("nothing to do");
            assertThat(millrace("dead", "list").output()).contains("0 dead jobs");
        }
        assertThat(lines(out, "errors.jsonl")).isEmpty();
        assertThat(lines(out, "results.jsonl")).hasSize(JOBS);
        assertThat(lines(out, "results.jsonl").get(17)).contains("\"custom_id\":\"line-18\"", "\"replay\":1");
        assertThat(results()).hasSize(JOBS + 2).doesNotHaveDuplicates();
    }

    /** Job and replay of every committed result. */
    private List<String> results() throws Exception {
        return CommittedRecords.of(clients, topics.results()).stream()
                .map(record -> ResultCodec.decode(record.value()))
                .map((JobResult result) -> result.id() + " " + result.replay())
                .toList();
    }

    private static List<String> lines(Path out, String file) throws Exception {
        return Files.readAllLines(out.resolve(file));
    }

    @Test
    void aReplayThatIsSaidTwiceSubmitsOnce() throws Exception {
        refused.addAll(List.of(1L, 2L, 3L));
        try (TestWorker worker = worker()) {
            assertThat(millrace("collect", RUN, "-o", folder.resolve("out").toString())
                            .status())
                    .isEqualTo(1);
        }
        // Killed half-way: one job is submitted, the others are not.
        try (Resubmission first = new Resubmission(clients, topics, RUN, PATIENCE)) {
            first.replay(job -> job.id().index() == 2, OptionalLong.empty());
        }
        try (Resubmission second = new Resubmission(clients, topics, RUN, PATIENCE)) {
            assertThat(second.replay(job -> true, OptionalLong.empty()))
                    .isEqualTo(new Resubmission.Replayed(2, 1, List.of()));
            assertThat(second.lastReplay(SampleJobs.job(RUN, 2).id())).isEqualTo(1);
        }
        assertThat(CommittedRecords.of(clients, topics.jobs(SampleJobs.MODEL)).stream()
                        .map(record -> JobCodec.decode(record.value()))
                        .filter(job -> job.replay() == 1)
                        .map(job -> job.id().index()))
                .containsExactlyInAnyOrder(1L, 2L, 3L);
    }

    @Test
    void aJobWhoseReplayFailsIsDeadAgainWithItsNumber() throws Exception {
        refused.add(5L);
        try (TestWorker worker = worker()) {
            for (int replay = 0; replay < 3; replay++) {
                Path out = folder.resolve("out");
                assertThat(millrace("collect", RUN, "-o", out.toString()).status())
                        .isEqualTo(1);
                assertThat(lines(out, "errors.jsonl")).hasSize(1);
                DeadJobs dead = DeadJobs.read(clients, topics, RUN::equals, false, PATIENCE);
                assertThat(dead.all()).extracting(DeadJob::replay).containsExactly(replay);
                try (Resubmission resubmission = new Resubmission(clients, topics, RUN, PATIENCE)) {
                    assertThat(resubmission
                                    .replay(job -> true, OptionalLong.empty())
                                    .submitted())
                            .isEqualTo(1);
                }
            }
        }
    }

    @Test
    void aRunThatIsNotThereCannotBeReplayed() {
        assertThatThrownBy(() -> new Resubmission(clients, topics, "absent", PATIENCE))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("there is no run absent here");
    }
}
