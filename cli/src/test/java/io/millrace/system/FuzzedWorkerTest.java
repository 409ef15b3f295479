package io.millrace.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.JobResult;
import io.millrace.job.Message;
import io.millrace.job.SamplingParams;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.TopicSetup;
import io.millrace.wire.Headers;
import io.millrace.wire.JobCodec;
import io.millrace.wire.ResultCodec;
import io.millrace.wire.Topics;
import io.millrace.worker.kafka.MutatedRecords;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A real worker with the real model, whose topic holds rubbish. */
@ExtendWith(SharedBroker.Extension.class)
final class FuzzedWorkerTest {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int MUTANTS = 10_000;
    private static final int PARTITIONS = 8;
    private static final long SEED = 11;
    private static final String MODEL = "tiny-chatml-q8_0";
    private static final Path FILE =
            Path.of("..", "models", MODEL + ".gguf").toAbsolutePath().normalize();

    private final SharedBroker broker;
    private final KafkaClients clients;
    private final Topics topics;

    @TempDir
    Path folder;

    FuzzedWorkerTest(SharedBroker broker) {
        this.broker = broker;
        clients = broker.clients();
        topics = broker.freshTopics();
        new TopicSetup(clients, topics, PATIENCE).ensure(MODEL, PARTITIONS);
    }

    private static Job job(String run, long index) {
        SamplingParams params = new SamplingParams(
                4, 0.8, 40, 0.95, 0.05, 1.0, 64, 0.0, 0.0, Map.of(), OptionalLong.of(3), List.of("x"), 1, false);
        return new Job(
                new JobId(run, index),
                "line",
                List.of(new Message("system", "Be brief."), new Message("user", "What is 2 + 2?")),
                params,
                7,
                "{\"source\":\"test\"}");
    }

    /** One record for each, with the headers that a submitter writes. */
    private void publish(List<byte[]> values, String run) {
        try (Producer<byte[], byte[]> producer = clients.transactionalProducer("fuzz", topics.prefix() + run)) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < values.size(); i++) {
                byte[] id = new JobId(run, i).toString().getBytes(UTF_8);
                ProducerRecord<byte[], byte[]> record =
                        new ProducerRecord<>(topics.jobs(MODEL), i % PARTITIONS, id, values.get(i));
                record.headers().add(Headers.RUN_ID, run.getBytes(UTF_8)).add(Headers.JOB_ID, id);
                producer.send(record);
            }
            producer.commitTransaction();
        }
    }

    /** Waits for so many committed results; all of them. */
    private List<JobResult> results(int count, LocalRun worker) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<JobResult> results = new ArrayList<>();
        while (results.size() < count) {
            assertThat(System.nanoTime())
                    .as("%d of %d results came: %s", results.size(), count, worker.log())
                    .isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
            results.clear();
            CommittedRecords.of(clients, topics.results())
                    .forEach(record -> results.add(ResultCodec.decode(record.value())));
        }
        return results;
    }

    @Test
    void tenThousandMutatedRecordsEndOneByOneAndTheWorkerGoesOn() throws Exception {
        MutatedRecords mutants = new MutatedRecords(job("fuzz", 0), SEED);
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < MUTANTS; i++) {
            values.add(mutants.next());
        }
        publish(values, "fuzz");
        try (LocalRun worker = LocalRun.start(
                folder,
                "worker",
                "--bootstrap-server=" + broker.bootstrap(),
                "--topic-prefix=" + topics.prefix(),
                "--model=" + FILE,
                "--instance=fuzzed",
                "--http-port=0")) {
            List<JobResult> results = results(MUTANTS, worker);
            ProcessHandle engine = worker.find("the engine", line -> line.contains(".EngineMain "));
            publish(List.of(JobCodec.encode(job("good", 0))), "good");
            results = results(MUTANTS + 1, worker);

            assertThat(results).hasSize(MUTANTS + 1);
            assertThat(results.stream().filter(result -> result.id().runId().equals("good")))
                    .singleElement()
                    .isInstanceOf(JobResult.Completed.class);
            List<String> refusals = results.stream()
                    .filter(JobResult.Failed.class::isInstance)
                    .map(result -> ((JobResult.Failed) result).message())
                    .toList();
            assertThat(refusals)
                    .allSatisfy(message -> assertThat(message).isNotBlank().hasSizeLessThan(2_000));
            int refused = refusals.size();
            System.out.printf(
                    "mutated job records through a worker: %d, refused %d, answered %d%n",
                    MUTANTS, refused, MUTANTS - refused);
            assertThat(refused).isBetween(MUTANTS / 2, MUTANTS);
            assertThat(committed())
                    .as("the group's offsets, behind the last job of each partition")
                    .hasSize(PARTITIONS)
                    .allMatch(offset -> offset >= MUTANTS / PARTITIONS);
            assertThat(engine.isAlive()).as("the engine's first process").isTrue();
            assertThat(worker.log()).doesNotContain("engine died", "\tat ", "no transactions yet");
        }
    }

    private List<Long> committed() throws Exception {
        try (Admin admin = clients.admin("test")) {
            return admin
                    .listConsumerGroupOffsets(topics.group(MODEL))
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .values()
                    .stream()
                    .map(OffsetAndMetadata::offset)
                    .toList();
        }
    }
}
