package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.TopicSetup;
import io.millrace.producer.kafka.JobSubmitter;
import io.millrace.producer.kafka.SubmitOptions;
import io.millrace.system.TestWorker.Act;
import io.millrace.wire.JobCodec;
import io.millrace.wire.ResultCodec;
import io.millrace.wire.Topics;
import io.millrace.worker.delivery.CommitMetadata;
import io.millrace.worker.delivery.OffsetRuns;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A partition whose metadata nearly fills what a broker takes, on a real one. */
@ExtendWith(SharedBroker.Extension.class)
final class FullMetadataTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int JOBS = 1_300;
    private static final int SLOTS = 256;

    private final KafkaClients clients;
    private final Topics topics;

    FullMetadataTest(SharedBroker broker) {
        clients = broker.clients();
        topics = broker.freshTopics();
        new TopicSetup(clients, topics, PATIENCE).ensure(SampleJobs.MODEL, 1);
        try (JobSubmitter submitter =
                new JobSubmitter(clients, topics, SampleJobs.run("full"), SubmitOptions.DEFAULTS)) {
            submitter.submit(SampleJobs.jobs("full", 0, JOBS));
        }
    }

    /** The owner died with every other job running, some lost before, and the rest done. */
    @Test
    void whatADeadOwnerHadRunningIsRunAndWhatItHadDoneIsNot() throws Exception {
        TreeSet<Long> running = new TreeSet<>();
        TreeSet<Long> done = new TreeSet<>();
        TreeMap<Long, Integer> losses = new TreeMap<>();
        Set<Long> runningJobs = new HashSet<>();
        Set<Long> doneJobs = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : CommittedRecords.of(clients, topics.jobs(SampleJobs.MODEL))) {
            long index = JobCodec.decode(record.value()).id().index();
            (index % 2 == 0 ? running : done).add(record.offset());
            (index % 2 == 0 ? runningJobs : doneJobs).add(index);
            if (index % 12 == 0) {
                losses.put(record.offset(), 1);
            }
        }
        String metadata = new CommitMetadata(
                        true, topics.prefix() + "-former", losses, OffsetRuns.of(running), OffsetRuns.of(done))
                .encode(0);
        assertThat(metadata.length()).isBetween(3_500, CommitMetadata.MAX_LENGTH);
        commit(metadata, doneJobs);

        Set<Long> started = ConcurrentHashMap.newKeySet();
        try (TestWorker worker = new TestWorker(
                clients,
                topics,
                job -> {
                    started.add(job.id().index());
                    return Act.ANSWER;
                },
                SLOTS)) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (results().size() < JOBS) {
                assertThat(System.nanoTime()).as("results in time").isLessThan(deadline);
            }
        }
        assertThat(results()).hasSize(JOBS).doesNotHaveDuplicates();
        assertThat(started).isEqualTo(runningJobs);
    }

    private void commit(String metadata, Set<Long> done) {
        try (Producer<byte[], byte[]> former = clients.transactionalProducer("former", topics.prefix() + "-former")) {
            former.initTransactions();
            former.beginTransaction();
            done.forEach(index -> former.send(SampleJobs.resultRecord(topics, 0, "full", index)));
            former.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(topics.jobs(SampleJobs.MODEL), 0), new OffsetAndMetadata(0, metadata)),
                    new ConsumerGroupMetadata(topics.group(SampleJobs.MODEL)));
            former.commitTransaction();
        }
    }

    private List<String> results() throws Exception {
        return CommittedRecords.of(clients, topics.results()).stream()
                .map(record -> ResultCodec.decode(record.value()).id().toString())
                .toList();
    }
}
