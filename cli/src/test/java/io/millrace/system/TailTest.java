package io.millrace.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.job.Job;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.TopicSetup;
import io.millrace.wire.Headers;
import io.millrace.wire.JobCodec;
import io.millrace.wire.Topics;
import io.millrace.worker.kafka.WorkerKafkaConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Four workers and a run of which one of them has four fifths: with the assignor that weighs the backlog against
 * Kafka's own. Takes half a minute; {@code -Dtail.scale=12} makes the run as long as real ones begin to be.
 */
@Tag("faults")
@ExtendWith(SharedBroker.Extension.class)
final class TailTest {
    private static final Duration PATIENCE = Duration.ofSeconds(300);
    private static final int WORKERS = 4;
    private static final int PARTITIONS = 32;
    private static final int SCALE = Integer.getInteger("tail.scale", 1);
    private static final long JOB_MILLIS = 200;
    private static final int MANY = 14 * SCALE;
    private static final int FEW = SCALE;

    private final SharedBroker broker;

    TailTest(SharedBroker broker) {
        this.broker = broker;
    }

    /** What a run took, and how many times a job was begun beyond once. */
    private record Makespan(double seconds, int repeated) {}

    @Test
    void idleWorkersTakeOverPartitionsWithABacklog() throws Exception {
        Makespan kafkas = makespan(false);
        Makespan ours = makespan(true);
        int jobs = 8 * MANY + 24 * FEW;
        double ideal = jobs * JOB_MILLIS / 1000.0 / (WORKERS * TimedWorker.SLOTS);
        System.out.printf(
                "uneven run of %d jobs, 4 workers of %d slots: ideal %.1f s; cooperative-sticky %.1f s (%.2f of ideal);"
                        + " by backlog %.1f s (%.2f of ideal, %d jobs begun again); ratio %.2f%n",
                jobs,
                TimedWorker.SLOTS,
                ideal,
                kafkas.seconds(),
                kafkas.seconds() / ideal,
                ours.seconds(),
                ours.seconds() / ideal,
                ours.repeated(),
                ours.seconds() / kafkas.seconds());
        assertThat(ours.seconds()).isLessThan(kafkas.seconds());
    }

    private Makespan makespan(boolean byBacklog) throws Exception {
        KafkaClients clients = broker.clients();
        Topics topics = broker.freshTopics();
        new TopicSetup(clients, topics, PATIENCE).ensure(SampleJobs.MODEL, PARTITIONS);
        List<TimedWorker> workers = new ArrayList<>();
        try {
            for (int i = 1; i <= WORKERS; i++) {
                WorkerKafkaConfig config = WorkerKafkaConfig.of(
                        topics, SampleJobs.MODEL, "w" + i, clients.settings().client(), Duration.ofSeconds(2));
                workers.add(new TimedWorker(config.withSharing(byBacklog), JOB_MILLIS));
            }
            awaitEvenOwners(workers);
            long begin = System.nanoTime();
            int jobs = send(clients, topics, new HashSet<>(workers.get(0).owned()));
            await(() -> {
                long answered = 0;
                for (TimedWorker worker : workers) {
                    answered += worker.figures().answered();
                }
                return answered >= jobs
                        && CommittedRecords.of(clients, topics.results()).size() >= jobs;
            });
            double seconds = (System.nanoTime() - begin) / 1e9;
            List<String> ids = CommittedRecords.of(clients, topics.results()).stream()
                    .map(ConsumerRecord::key)
                    .map(key -> new String(key, UTF_8))
                    .toList();
            assertThat(ids).hasSize(jobs).doesNotHaveDuplicates();
            return new Makespan(
                    seconds, workers.stream().mapToInt(TimedWorker::started).sum() - jobs);
        } finally {
            for (TimedWorker worker : workers) {
                worker.close();
            }
        }
    }

    private static void awaitEvenOwners(List<TimedWorker> workers) throws Exception {
        await(() -> {
            for (TimedWorker worker : workers) {
                if (worker.owned().size() != PARTITIONS / WORKERS) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Many jobs into these partitions, few into the others. */
    private static int send(KafkaClients clients, Topics topics, Set<Integer> full) {
        int index = 0;
        try (Producer<byte[], byte[]> producer = clients.transactionalProducer("tail", topics.prefix() + "-tail")) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                for (int i = 0; i < (full.contains(partition) ? MANY : FEW); i++) {
                    Job job = SampleJobs.job("tail", index++);
                    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                            topics.jobs(SampleJobs.MODEL),
                            partition,
                            job.id().toString().getBytes(UTF_8),
                            JobCodec.encode(job));
                    record.headers().add(Headers.RUN_ID, "tail".getBytes(UTF_8));
                    record.headers().add(Headers.JOB_ID, record.key());
                    producer.send(record);
                }
            }
            producer.commitTransaction();
        }
        return index;
    }

    /** What may fail in any way. */
    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited in vain").isLessThan(deadline);
            LockSupport.parkNanos(50_000_000);
        }
    }
}
