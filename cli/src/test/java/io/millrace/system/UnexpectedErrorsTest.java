package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.broker.EmbeddedBroker;
import io.millrace.job.RunManifest;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.KafkaSettings;
import io.millrace.kafka.TopicSetup;
import io.millrace.producer.kafka.Cancellation;
import io.millrace.producer.kafka.DeadJobs;
import io.millrace.producer.kafka.JobSubmitter;
import io.millrace.producer.kafka.Resubmission;
import io.millrace.producer.kafka.RunManifests;
import io.millrace.producer.kafka.SubmitOptions;
import io.millrace.system.FaultyWire.Fault;
import io.millrace.system.TestWorker.Act;
import io.millrace.wire.JobCodec;
import io.millrace.wire.ResultCodec;
import io.millrace.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The broker answers UNKNOWN_SERVER_ERROR in a transaction, whatever has become of it: nothing is lost, nothing comes
 * twice, and the user hears nothing of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UnexpectedErrorsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String RUN = "run";
    private static final int JOBS = 120;

    private FaultyWire wire;
    private EmbeddedBroker broker;
    private KafkaClients clients;
    private int prefixes;

    @BeforeAll
    void start(@TempDir Path dir) throws Exception {
        wire = new FaultyWire();
        broker = EmbeddedBroker.start(
                dir.resolve("broker"), "127.0.0.1", 0, Map.of("advertised.listeners", "PLAINTEXT://" + wire.address()));
        wire.leadsTo(broker.port());
        clients = new KafkaClients(KafkaSettings.of(wire.address()));
    }

    @AfterEach
    void theFaultHappened() {
        assertThat(wire.spoilt()).isTrue();
    }

    @AfterAll
    void stop() {
        broker.close();
        wire.close();
    }

    private Topics ready() {
        Topics topics = new Topics("u" + ++prefixes);
        new TopicSetup(clients, topics, PATIENCE).ensure(SampleJobs.MODEL, 4);
        return topics;
    }

    private void submit(Topics topics) {
        SubmitOptions options = new SubmitOptions(50, Long.MAX_VALUE, () -> 0, jobs -> {}, () -> false, PATIENCE);
        try (JobSubmitter submitter = new JobSubmitter(clients, topics, SampleJobs.run(RUN), options)) {
            long from = submitter.committedJobs();
            assertThat(submitter.submit(SampleJobs.jobs(RUN, from, JOBS))).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theFirstOffsetsAreCommittedAllTheSame(Fault fault) throws Exception {
        Topics topics = new Topics("u" + ++prefixes);
        wire.spoilNext(fault);
        new TopicSetup(clients, topics, PATIENCE).ensure(SampleJobs.MODEL, 4);
        try (Admin admin = clients.admin("test")) {
            assertThat(admin.listConsumerGroupOffsets(topics.group(SampleJobs.MODEL))
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .hasSize(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void jobsAreSubmittedOnce(Fault fault) throws Exception {
        Topics topics = ready();
        wire.spoilNext(fault);
        submit(topics);
        assertThat(CommittedRecords.of(clients, topics.jobs(SampleJobs.MODEL)).stream()
                        .map(record -> JobCodec.decode(record.value()).id().index())
                        .sorted())
                .containsExactlyElementsOf(LongStream.range(0, JOBS).boxed().toList());
    }

    @ParameterizedTest
    @EnumSource
    void aRunIsCancelled(Fault fault) {
        Topics topics = ready();
        submit(topics);
        wire.spoilNext(fault);
        assertThat(Cancellation.cancel(clients, topics, RUN, PATIENCE)).isEqualTo(Cancellation.Outcome.CANCELLED);
        try (RunManifests manifests = new RunManifests(clients, topics, PATIENCE)) {
            manifests.refresh();
            assertThat(manifests.newest(RUN).orElseThrow().state()).isEqualTo(RunManifest.State.CANCELLED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void deadJobsAreReplayedOnce(Fault fault) throws Exception {
        Topics topics = ready();
        submit(topics);
        try (TestWorker worker = new TestWorker(clients, topics, job -> Act.REFUSE)) {
            awaitResults(topics, JOBS);
        }
        assertThat(DeadJobs.read(clients, topics, RUN::equals, false, PATIENCE).all())
                .hasSize(JOBS);
        wire.spoilNext(fault);
        try (Resubmission resubmission = new Resubmission(clients, topics, RUN, PATIENCE)) {
            assertThat(resubmission.replay(job -> true, OptionalLong.empty()).submitted())
                    .isEqualTo(JOBS);
        }
        assertThat(CommittedRecords.of(clients, topics.jobs(SampleJobs.MODEL)).stream()
                        .map(record -> JobCodec.decode(record.value()))
                        .filter(job -> job.replay() == 1)
                        .map(job -> job.id().index())
                        .sorted())
                .containsExactlyElementsOf(LongStream.range(0, JOBS).boxed().toList());
    }

    @ParameterizedTest
    @EnumSource
    void aWorkersResultsAreCommittedOnce(Fault fault) throws Exception {
        Topics topics = ready();
        submit(topics);
        wire.spoilNext(fault);
        try (TestWorker worker = new TestWorker(clients, topics, job -> Act.ANSWER)) {
            awaitResults(topics, JOBS);
        }
        assertThat(results(topics)).hasSize(JOBS).doesNotHaveDuplicates();
    }

    private void awaitResults(Topics topics, int count) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (results(topics).size() < count) {
            assertThat(System.nanoTime()).as("results in time").isLessThan(deadline);
        }
    }

    private List<String> results(Topics topics) throws Exception {
        return CommittedRecords.of(clients, topics.results()).stream()
                .map(record -> ResultCodec.decode(record.value()).id().toString())
                .toList();
    }
}
