package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.cli.CommandLineRun;
import io.millrace.cli.watch.ClusterWatch;
import io.millrace.cli.watch.WatchSettings;
import io.millrace.job.FailureKind;
import io.millrace.job.Job;
import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.KafkaSettings;
import io.millrace.kafka.TopicSetup;
import io.millrace.producer.kafka.JobSubmitter;
import io.millrace.producer.kafka.SubmitOptions;
import io.millrace.producer.view.ClusterPicture;
import io.millrace.producer.view.RunView;
import io.millrace.producer.view.WorkerView;
import io.millrace.system.TestWorker.Act;
import io.millrace.wire.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of runs on a real broker. */
@ExtendWith(SharedBroker.Extension.class)
@Timeout(120)
final class ClusterWatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int JOBS = 40;

    private final SharedBroker broker;
    private final KafkaClients clients;
    private final Topics topics;

    @TempDir
    Path folder;

    ClusterWatchTest(SharedBroker broker) {
        this.broker = broker;
        clients = broker.clients();
        topics = broker.freshTopics();
    }

    @Test
    void aRunIsFollowedFromBeforeItsFirstJobToItsLastResult() throws Exception {
        try (ClusterWatch watch = watch(List.of())) {
            assertThat(watch.look().notes()).containsExactly("nothing was submitted here yet");

            submit("run1");
            ClusterPicture submitted = until(watch, picture -> !picture.runs().isEmpty());
            assertThat(submitted.runs().get(0).done()).isZero();
            assertThat(submitted.runs().get(0).state()).isEqualTo(RunView.State.SEALED);

            try (TestWorker worker = new TestWorker(clients, topics, ClusterWatchTest::act)) {
                ClusterPicture complete =
                        until(watch, picture -> picture.runs().get(0).state() == RunView.State.COMPLETE);
                assertThat(complete.runs().get(0).totals().answered()).isEqualTo(JOBS - 1);
                assertThat(complete.runs().get(0).failures()).isEqualTo("CONTEXT_WINDOW_EXCEEDED 1");
                assertThat(complete.failures()).hasSize(1);
                assertThat(complete.failures().get(0).ending()).isEqualTo(FailureKind.CONTEXT_WINDOW_EXCEEDED.name());
                assertThat(complete.results()).hasSize(20);

                ClusterPicture members =
                        until(watch, picture -> !picture.workers().isEmpty());
                assertThat(members.workers())
                        .extracting(WorkerView::name, WorkerView::condition)
                        .containsExactly(tuple("w1", WorkerView.Condition.NOT_ASKED));

                submit("run2");
                ClusterPicture both = until(
                        watch,
                        picture -> picture.runs().stream().allMatch(run -> run.state() == RunView.State.COMPLETE)
                                && picture.runs().size() == 2);
                assertThat(both.runs()).allMatch(run -> run.done() == JOBS);
            }
        }
    }

    @Test
    void aWatchThatStartsLateSeesAllOfARunInOnePass() throws Exception {
        submit("run1");
        submit("run2");
        try (TestWorker worker = new TestWorker(clients, topics, ClusterWatchTest::act);
                ClusterWatch early = watch(List.of())) {
            until(early, picture -> picture.runs().stream().allMatch(run -> run.state() == RunView.State.COMPLETE));
        }
        try (ClusterWatch late = watch(List.of())) {
            ClusterPicture picture = late.look();
            assertThat(late.caughtUp()).isTrue();
            assertThat(picture.runs()).hasSize(2).allMatch(run -> run.done() == JOBS);
        }
        CommandLineRun status = CommandLineRun.of(
                "status", "--bootstrap-server", broker.bootstrap(), "--topic-prefix", topics.prefix());
        assertThat(status.output())
                .containsPattern("run1 .*COMPLETE .*40 .*39 .*1 ")
                .contains("run2");
    }

    @Test
    void workersThatDoNotAnswerAreShownAsSilent() throws Exception {
        submit("run1");
        try (ClusterWatch watch = watch(List.of(URI.create("http://127.0.0.1:9")))) {
            ClusterPicture picture = until(watch, shown -> !shown.workers().isEmpty());

            assertThat(picture.workers())
                    .extracting(WorkerView::condition)
                    .containsExactly(WorkerView.Condition.SILENT);
            assertThat(picture.workers().get(0).name()).isEqualTo("http://127.0.0.1:9/metrics");
        }
    }

    @Test
    void aBrokerThatIsNotThereEndsTheFirstLook() {
        WatchSettings settings = new WatchSettings(
                () -> Optional.of(new KafkaClients(KafkaSettings.of("127.0.0.1:1"))),
                List::of,
                topics,
                20,
                Set.of(),
                false,
                Duration.ofSeconds(1));
        try (ClusterWatch watch = new ClusterWatch(settings)) {
            assertThatThrownBy(watch::look)
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("127.0.0.1:1")
                    .hasMessageContaining("--bootstrap-server");
        }
    }

    @Test
    void theCommandsSayWhatIsMissing() {
        assertThat(CommandLineRun.of("top").output())
                .contains("--bootstrap-server HOST:PORT")
                .contains("run --local");
        assertThat(CommandLineRun.of("top", "--bootstrap-server=127.0.0.1:1", "--worker=gpu-1:8080")
                        .output())
                .contains("--worker 'gpu-1:8080' is no address of a worker: write http://HOST:PORT");
        assertThat(CommandLineRun.of("dashboard", "--bootstrap-server=127.0.0.1:1", "--runs=0")
                        .output())
                .contains("--runs must be from 1 to 1000, not 0");
        assertThat(CommandLineRun.of("dashboard", "--bootstrap-server=127.0.0.1:1", "--http-host=0.0.0.0")
                        .output())
                .contains("wants a token");
        assertThat(CommandLineRun.of("dashboard", "--token-file=" + folder.resolve("none"))
                        .output())
                .contains("no such file");
    }

    private ClusterWatch watch(List<URI> workers) {
        return new ClusterWatch(
                new WatchSettings(() -> Optional.of(clients), () -> workers, topics, 20, Set.of(), false, PATIENCE));
    }

    private static ClusterPicture until(ClusterWatch watch, Predicate<ClusterPicture> condition) {
        ClusterPicture picture = watch.look();
        while (!condition.test(picture)) {
            picture = watch.look();
        }
        return picture;
    }

    private void submit(String run) {
        new TopicSetup(clients, topics, PATIENCE).ensure(SampleJobs.MODEL, 4);
        try (JobSubmitter submitter = new JobSubmitter(clients, topics, SampleJobs.run(run), SubmitOptions.DEFAULTS)) {
            submitter.submit(SampleJobs.jobs(run, 0, JOBS));
        }
    }

    private static Act act(Job job) {
        return job.id().index() == 7 ? Act.REFUSE : Act.ANSWER;
    }
}
