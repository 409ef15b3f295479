package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.CommandLineRun;
import io.millrace.job.FailureKind;
import io.millrace.job.Job;
import io.millrace.job.JobModels;
import io.millrace.job.JobResult;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.TopicSetup;
import io.millrace.producer.kafka.JobSubmitter;
import io.millrace.producer.kafka.NewRun;
import io.millrace.producer.kafka.SubmitOptions;
import io.millrace.system.TestWorker.Act;
import io.millrace.wire.ResultCodec;
import io.millrace.wire.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that may not go on: of cancelled runs and with deadlines, on a real broker with the real pipeline. */
@ExtendWith(SharedBroker.Extension.class)
final class WithdrawalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int JOBS = 200;

    private final SharedBroker broker;
    private final KafkaClients clients;
    private final Topics topics;
    private final CountDownLatch hanging = new CountDownLatch(4);
    private volatile boolean mended;

    @TempDir
    Path out;

    WithdrawalTest(SharedBroker broker) {
        this.broker = broker;
        clients = broker.clients();
        topics = broker.freshTopics();
        new TopicSetup(clients, topics, PATIENCE).ensure(SampleJobs.MODEL, 4);
    }

    private void submit(String run, OptionalLong deadline) {
        NewRun newRun =
                new NewRun(run, JobModels.of(SampleJobs.MODEL), "ab".repeat(32), 7, 1_700_000_000_000L, deadline);
        try (JobSubmitter submitter = new JobSubmitter(clients, topics, newRun, SubmitOptions.DEFAULTS)) {
            submitter.submit(SampleJobs.jobs(run, 0, JOBS));
        }
    }

    private TestWorker worker(Function<Job, Act> script) {
        return new TestWorker(clients, topics, job -> {
            Act act = mended ? Act.ANSWER : script.apply(job);
            if (act == Act.HANG) {
                hanging.countDown();
            }
            return act;
        });
    }

    private CommandLineRun millrace(String... arguments) {
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--bootstrap-server=" + broker.bootstrap();
        all[arguments.length + 1] = "--topic-prefix=" + topics.prefix();
        return CommandLineRun.of(all);
    }

    @Test
    void aCancelledRunsJobsStopAndEndAsCancelledAndOtherRunsGoOn() throws Exception {
        submit("stuck", OptionalLong.empty());
        try (TestWorker worker = worker(job -> job.id().runId().equals("stuck") ? Act.HANG : Act.ANSWER)) {
            assertThat(hanging.await(60, TimeUnit.SECONDS)).isTrue();

            assertThat(millrace("cancel", "stuck").output()).contains("run stuck is cancelled");
            CommandLineRun collected = millrace("collect", "stuck", "-o", out.toString());
            assertThat(collected.status()).isEqualTo(1);
            assertThat(collected.output())
                    .contains("run stuck was cancelled", "0 answered, 200 failed (CANCELLED 200;");
            assertThat(millrace("cancel", "stuck").output()).contains("was cancelled before");
            assertThat(millrace("dead", "list").output()).contains("0 dead jobs");
            assertThat(millrace("dead", "replay", "stuck").output()).contains("was cancelled: its jobs are not");

            submit("other", OptionalLong.empty());
            CommandLineRun other =
                    millrace("collect", "other", "-o", out.resolve("other").toString());
            assertThat(other.output()).contains("200 answered, 0 failed");
            CommandLineRun tooLate = millrace("cancel", "other");
            assertThat(tooLate.status()).isEqualTo(2);
            assertThat(tooLate.output()).contains("run other is complete: there is nothing to cancel");
        }
        assertThat(Files.readAllLines(out.resolve("errors.jsonl"))).hasSize(JOBS);
    }

    @Test
    void aWorkerThatStartsLaterKnowsOfTheCancellation() throws Exception {
        submit("early", OptionalLong.empty());
        assertThat(millrace("cancel", "early").status()).isZero();
        try (TestWorker worker = worker(job -> Act.HANG)) {
            assertThat(millrace("collect", "early", "-o", out.toString()).output())
                    .contains("CANCELLED 200");
        }
    }

    @Test
    void jobsThatAreNotFinishedByTheirDeadlineFailAndCanBeReplayedWithoutOne() throws Exception {
        try (TestWorker worker = worker(job -> job.id().index() % 50 == 49 ? Act.HANG : Act.ANSWER)) {
            submit("first", OptionalLong.empty());
            assertThat(hanging.await(60, TimeUnit.SECONDS))
                    .as("the worker is at work")
                    .isTrue();
            assertThat(millrace("cancel", "first").status()).isZero();
            submit("timed", OptionalLong.of(System.currentTimeMillis() + 6_000));
            CommandLineRun collected = millrace("collect", "timed", "-o", out.toString());
            assertThat(collected.status()).isEqualTo(1);
            assertThat(collected.output()).contains("196 answered, 4 failed (DEADLINE 4;");

            mended = true;
            assertThat(millrace("dead", "replay", "timed", "--kind", "DEADLINE").output())
                    .contains("4 jobs submitted again");
            assertThat(millrace("collect", "timed", "-o", out.toString()).output())
                    .contains("200 answered, 0 failed");
        }
        assertThat(CommittedRecords.of(clients, topics.results()).stream()
                        .map(record -> ResultCodec.decode(record.value()))
                        .filter(JobResult.Failed.class::isInstance)
                        .map(result -> ((JobResult.Failed) result).kind()))
                .hasSize(8)
                .containsOnly(FailureKind.DEADLINE, FailureKind.CANCELLED);
    }
}
