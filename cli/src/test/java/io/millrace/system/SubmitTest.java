package io.millrace.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.JobModels;
import io.millrace.job.Message;
import io.millrace.job.RunManifest;
import io.millrace.job.SamplingParams;
import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.TopicSetup;
import io.millrace.producer.kafka.GroupLag;
import io.millrace.producer.kafka.JobReader;
import io.millrace.producer.kafka.JobRecords;
import io.millrace.producer.kafka.JobSubmitter;
import io.millrace.producer.kafka.NewRun;
import io.millrace.producer.kafka.RunManifests;
import io.millrace.producer.kafka.SubmitOptions;
import io.millrace.wire.JobCodec;
import io.millrace.wire.ManifestCodec;
import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedBroker.Extension.class)
final class SubmitTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final SubmitOptions OPTIONS = options(1_000, Long.MAX_VALUE, new AtomicLong());

    private final KafkaClients clients;
    private final Topics topics;

    SubmitTest(SharedBroker broker) {
        clients = broker.clients();
        topics = broker.freshTopics();
        new TopicSetup(clients, topics, PATIENCE).ensure(SampleJobs.MODEL, 8);
    }

    private static SubmitOptions options(int chunk, long maxInFlight, AtomicLong seen) {
        return new SubmitOptions(chunk, maxInFlight, seen::get, jobs -> {}, () -> false, PATIENCE);
    }

    private List<Long> committedIndices() throws Exception {
        return CommittedRecords.of(clients, topics.jobs(SampleJobs.MODEL)).stream()
                .map(record -> JobCodec.decode(record.value()).id().index())
                .sorted()
                .toList();
    }

    @Test
    void jobsOfSeveralModelsGoToTheirTopicsInTurn() throws Exception {
        new TopicSetup(clients, topics, PATIENCE).ensure("other", 8);
        NewRun run = new NewRun(
                "models",
                new JobModels(List.of(SampleJobs.MODEL, "other", SampleJobs.MODEL)),
                "ab".repeat(32),
                7,
                1,
                OptionalLong.empty());
        try (JobSubmitter submitter = new JobSubmitter(clients, topics, run, OPTIONS)) {
            submitter.submit(SampleJobs.jobs("models", 0, 2_400));
        }

        List<ConsumerRecord<byte[], byte[]>> others = CommittedRecords.of(clients, topics.jobs("other"));
        assertThat(committedIndices())
                .isEqualTo(LongStream.range(0, 2_400)
                        .filter(index -> index % 3 != 1)
                        .boxed()
                        .toList());
        assertThat(others.stream()
                        .collect(Collectors.groupingBy(ConsumerRecord::partition, Collectors.counting()))
                        .values())
                .hasSize(8)
                .containsOnly(100L);
        List<Long> read = new ArrayList<>();
        try (RunManifests manifests = new RunManifests(clients, topics, PATIENCE)) {
            manifests.refresh();
            JobReader.read(
                    clients,
                    topics,
                    manifests.newest("models").orElseThrow(),
                    PATIENCE,
                    job -> read.add(job.id().index()));
        }
        assertThat(read).hasSize(2_400).doesNotHaveDuplicates();
    }

    private static List<Long> indices(long count) {
        return LongStream.range(0, count).boxed().toList();
    }

    @Test
    void aRunIsSubmittedWholeAndSealedAndSpreadEvenly() throws Exception {
        List<Long> told = new ArrayList<>();
        SubmitOptions options = new SubmitOptions(1_000, Long.MAX_VALUE, () -> 0, told::add, () -> false, PATIENCE);
        try (JobSubmitter submitter = new JobSubmitter(clients, topics, SampleJobs.run("whole"), options)) {
            assertThat(submitter.committedJobs()).isZero();
            assertThat(submitter.submit(SampleJobs.jobs("whole", 0, 2_500))).isTrue();
            assertThat(submitter.manifest().state()).isEqualTo(RunManifest.State.SEALED);
        }
        assertThat(told).containsExactly(1_000L, 2_000L, 2_500L);
        List<ConsumerRecord<byte[], byte[]>> records = CommittedRecords.of(clients, topics.jobs(SampleJobs.MODEL));
        Map<Integer, Long> perPartition =
                records.stream().collect(Collectors.groupingBy(ConsumerRecord::partition, Collectors.counting()));
        assertThat(perPartition.values()).allMatch(count -> count == 312 || count == 313);
        assertThat(committedIndices()).isEqualTo(indices(2_500));
        GroupLag lag = GroupLag.read(clients, topics, SampleJobs.MODEL, PATIENCE);
        assertThat(lag.withoutOffset()).isEmpty();
        assertThat(lag.total()).isBetween(2_500L, 2_500L + 3 * 8);
    }

    @Test
    void aSubmitterKilledInsideATransactionIsContinuedWithoutLossOrRepetition() throws Exception {
        // The first one commits a chunk and then leaves a second one sent and not committed, as a kill would.
        Iterator<Job> jobs = SampleJobs.jobs("killed", 0, 2_500);
        AtomicLong done = new AtomicLong();
        SubmitOptions stopsAfterOne =
                new SubmitOptions(1_000, Long.MAX_VALUE, () -> 0, done::set, () -> done.get() >= 1_000, PATIENCE);
        try (JobSubmitter first = new JobSubmitter(clients, topics, SampleJobs.run("killed"), stopsAfterOne)) {
            assertThat(first.submit(jobs)).isFalse();
        }
        Producer<byte[], byte[]> killed =
                clients.transactionalProducer("killed", topics.submitTransactionalId("killed"));
        killed.initTransactions();
        killed.beginTransaction();
        for (long index = 1_000; index < 2_000; index++) {
            Job job = SampleJobs.job("killed", index);
            killed.send(
                    new ProducerRecord<>(topics.jobs(SampleJobs.MODEL), (int) (index % 8), null, JobCodec.encode(job)));
        }
        killed.flush();
        try (JobSubmitter second = new JobSubmitter(clients, topics, SampleJobs.run("killed"), OPTIONS)) {
            assertThat(second.committedJobs()).isEqualTo(1_000);
            assertThat(second.submit(SampleJobs.jobs("killed", 1_000, 2_500))).isTrue();
        }
        killed.close(Duration.ZERO);
        assertThat(committedIndices()).isEqualTo(indices(2_500));
        try (JobSubmitter third = new JobSubmitter(clients, topics, SampleJobs.run("killed"), OPTIONS)) {
            assertThat(third.committedJobs()).isEqualTo(2_500);
            assertThat(third.submit(SampleJobs.jobs("killed", 2_500, 2_500))).isTrue();
        }
        assertThat(committedIndices()).isEqualTo(indices(2_500));
    }

    @Test
    void theNewerOfTwoSubmittersWinsAndTheOlderSaysSo() throws Exception {
        try (JobSubmitter older =
                        new JobSubmitter(clients, topics, SampleJobs.run("two"), options(10, 10, new AtomicLong(5)));
                JobSubmitter newer = new JobSubmitter(clients, topics, SampleJobs.run("two"), OPTIONS)) {
            assertThatThrownBy(() -> older.submit(SampleJobs.jobs("two", 0, 20)))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("another submitter took over run two");
            assertThat(newer.submit(SampleJobs.jobs("two", 0, 20))).isTrue();
        }
        assertThat(committedIndices()).isEqualTo(indices(20));
    }

    @Test
    void anOpenTransactionOfAnotherRunDoesNotHideHowFarThisOneCame() throws Exception {
        SubmitOptions oneChunk =
                new SubmitOptions(100, Long.MAX_VALUE, () -> 0, jobs -> {}, new StopAfter(1)::ask, PATIENCE);
        Producer<byte[], byte[]> other = clients.transactionalProducer("other", topics.submitTransactionalId("other"));
        try (JobSubmitter first = new JobSubmitter(clients, topics, SampleJobs.run("mine"), oneChunk)) {
            other.initTransactions();
            other.beginTransaction();
            RunManifest open =
                    new RunManifest("other", RunManifest.State.OPEN, 1, SampleJobs.MODEL, "00", 0, Map.of(0, 0L), 1);
            other.send(new ProducerRecord<>(topics.runs(), "other".getBytes(UTF_8), ManifestCodec.encode(open)));
            other.flush();
            // Committed beyond the last stable offset, which the other's transaction holds back.
            assertThat(first.submit(SampleJobs.jobs("mine", 0, 250))).isFalse();
        }
        CompletableFuture<JobSubmitter> second =
                CompletableFuture.supplyAsync(() -> new JobSubmitter(clients, topics, SampleJobs.run("mine"), OPTIONS));
        assertThatThrownBy(() -> second.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        other.commitTransaction();
        other.close();
        try (JobSubmitter submitter = second.get()) {
            assertThat(submitter.committedJobs()).isEqualTo(100);
            assertThat(submitter.submit(SampleJobs.jobs("mine", 100, 250))).isTrue();
        }
        assertThat(committedIndices()).isEqualTo(indices(250));
    }

    /** Cancels after so many chunks. */
    private static final class StopAfter {
        private int left;

        StopAfter(int chunks) {
            left = chunks;
        }

        boolean ask() {
            return left-- <= 0;
        }
    }

    @Test
    void noMoreThanTheAllowedJobsAreAheadOfTheResults() throws Exception {
        AtomicLong seen = new AtomicLong();
        AtomicLong most = new AtomicLong();
        SubmitOptions options = new SubmitOptions(
                1_000,
                30,
                () -> seen.getAndAdd(7),
                jobs -> most.accumulateAndGet(jobs - seen.get(), Math::max),
                () -> false,
                PATIENCE);
        try (JobSubmitter submitter = new JobSubmitter(clients, topics, SampleJobs.run("bounded"), options)) {
            assertThat(submitter.submit(SampleJobs.jobs("bounded", 0, 200))).isTrue();
        }
        assertThat(most.get()).isBetween(10L, 30L);
        assertThat(committedIndices()).isEqualTo(indices(200));
    }

    @Test
    void aWaitForRoomCanBeCancelledAndTheRunGoesOnLater() throws Exception {
        AtomicLong asked = new AtomicLong();
        SubmitOptions stuck =
                new SubmitOptions(1_000, 10, () -> 0, jobs -> {}, () -> asked.incrementAndGet() > 5, PATIENCE);
        try (JobSubmitter submitter = new JobSubmitter(clients, topics, SampleJobs.run("stuck"), stuck)) {
            assertThat(submitter.submit(SampleJobs.jobs("stuck", 0, 50))).isFalse();
            assertThat(submitter.committedJobs()).isEqualTo(10);
        }
        try (JobSubmitter submitter = new JobSubmitter(clients, topics, SampleJobs.run("stuck"), OPTIONS)) {
            assertThat(submitter.submit(SampleJobs.jobs("stuck", 10, 50))).isTrue();
        }
        assertThat(committedIndices()).isEqualTo(indices(50));
    }

    @Test
    void aRunIsNotContinuedWithAnotherInput() {
        try (JobSubmitter submitter = new JobSubmitter(clients, topics, SampleJobs.run("same"), OPTIONS)) {
            assertThat(submitter.submit(SampleJobs.jobs("same", 0, 1))).isTrue();
        }
        NewRun other = new NewRun("same", SampleJobs.MODEL, "cd".repeat(32), 7, 1);
        assertThatThrownBy(() -> new JobSubmitter(clients, topics, other, OPTIONS))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("--new starts a fresh one");
    }

    @Test
    void anEmptyRunIsSealedAndListed() {
        try (JobSubmitter submitter = new JobSubmitter(clients, topics, SampleJobs.run("none"), OPTIONS)) {
            assertThat(submitter.submit(SampleJobs.jobs("none", 0, 0))).isTrue();
        }
        try (RunManifests manifests = new RunManifests(clients, topics, PATIENCE)) {
            manifests.refresh();
            assertThat(manifests.all()).extracting(RunManifest::runId).containsExactly("none");
            assertThat(manifests.newest("none").orElseThrow().resultOffsets()).hasSize(Topics.RESULT_PARTITIONS);
            assertThat(manifests.newest("absent")).isEmpty();
        }
    }

    @Test
    void aLargeJobGoesThroughAndATooLargeOneIsRefusedByName() throws Exception {
        Job large = sized("large", 0, JobRecords.MAX_JOB_BYTES - 2_000);
        JobRecords.requireFits(large);
        try (JobSubmitter submitter = new JobSubmitter(clients, topics, SampleJobs.run("large"), OPTIONS)) {
            assertThat(submitter.submit(List.of(large).iterator())).isTrue();
        }
        assertThat(committedIndices()).containsExactly(0L);
        Job tooLarge = sized("large", 1, JobRecords.MAX_JOB_BYTES);
        assertThatThrownBy(() -> JobRecords.requireFits(tooLarge))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("job 'line-2' (index 1) is ")
                .hasMessageContaining("fit");
    }

    /** Text that does not compress: random characters, six bits each. */
    private static Job sized(String run, long index, int chars) {
        java.util.Random random = new java.util.Random(1);
        StringBuilder text = new StringBuilder(chars);
        for (int i = 0; i < chars; i++) {
            text.append((char) ('0' + random.nextInt(43)));
        }
        return new Job(
                new JobId(run, index),
                "line-" + (index + 1),
                List.of(new Message("user", text.toString())),
                SamplingParams.DEFAULTS,
                7,
                "");
    }
}
