package io.millrace.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.TopicSetup;
import io.millrace.producer.kafka.ReceivedResult;
import io.millrace.producer.kafka.ResultReader;
import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedBroker.Extension.class)
final class ResultReaderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final String RUN = "wanted";

    private final KafkaClients clients;
    private final Topics topics;
    private final Producer<byte[], byte[]> worker;

    ResultReaderTest(SharedBroker broker) {
        clients = broker.clients();
        topics = broker.freshTopics();
        new TopicSetup(clients, topics, PATIENCE).ensureShared();
        worker = clients.transactionalProducer("worker", topics.prefix() + "-worker");
        worker.initTransactions();
    }

    @AfterEach
    void stopTheWorker() {
        worker.close(Duration.ZERO);
    }

    private static Map<Integer, Long> beginning() {
        Map<Integer, Long> offsets = new TreeMap<>();
        for (int partition = 0; partition < Topics.RESULT_PARTITIONS; partition++) {
            offsets.put(partition, 0L);
        }
        return offsets;
    }

    private ResultReader reader(Map<Integer, Long> from) {
        return new ResultReader(clients, topics, RUN, from, PATIENCE);
    }

    private void publish(String run, long from, long to) {
        worker.beginTransaction();
        for (long index = from; index < to; index++) {
            worker.send(SampleJobs.resultRecord(topics, (int) (index % Topics.RESULT_PARTITIONS), run, index));
        }
        worker.commitTransaction();
    }

    private static List<Long> readAll(ResultReader reader) {
        List<Long> indices = new ArrayList<>();
        do {
            for (ReceivedResult received : reader.poll(POLL)) {
                indices.add(received.result().id().index());
            }
        } while (!reader.caughtUp());
        return indices;
    }

    @Test
    void onlyCommittedResultsOfTheRunAreRead() {
        publish(RUN, 0, 40);
        publish("another", 0, 40);
        worker.beginTransaction();
        worker.send(SampleJobs.resultRecord(topics, 3, RUN, 100));
        worker.flush();
        try (ResultReader reader = reader(beginning())) {
            assertThat(readAll(reader)).hasSize(40).doesNotHaveDuplicates().allMatch(index -> index < 40);
            worker.abortTransaction();
            publish(RUN, 40, 50);
            assertThat(readAll(reader)).containsExactlyInAnyOrder(40L, 41L, 42L, 43L, 44L, 45L, 46L, 47L, 48L, 49L);
        }
    }

    @Test
    void aReaderGoesOnFromThePositionsOfAnother() {
        publish(RUN, 0, 100);
        Map<Integer, Long> checkpoint;
        List<Long> seen = new ArrayList<>();
        try (ResultReader first = reader(beginning())) {
            while (seen.isEmpty()) {
                first.poll(POLL)
                        .forEach(received -> seen.add(received.result().id().index()));
            }
            checkpoint = first.positions();
        }
        publish(RUN, 100, 150);
        try (ResultReader second = reader(checkpoint)) {
            seen.addAll(readAll(second));
        }
        assertThat(seen).hasSize(150).doesNotHaveDuplicates();
    }

    @Test
    void deletedResultsAreAnErrorAndNotSkipped() throws Exception {
        publish(RUN, 0, 64);
        TopicPartition partition = new TopicPartition(topics.results(), 5);
        try (Admin admin = clients.admin("test")) {
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2)))
                    .all()
                    .get();
        }
        try (ResultReader reader = reader(beginning())) {
            assertThatThrownBy(() -> readAll(reader))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining(partition.toString())
                    .hasMessageContaining("retention.ms");
        }
    }

    @Test
    void aResultThatCannotBeReadIsNamedByItsPlace() {
        worker.beginTransaction();
        worker.send(SampleJobs.resultRecord(topics, 2, "another", 0, "nonsense".getBytes(UTF_8)));
        worker.send(SampleJobs.resultRecord(topics, 2, RUN, 0, "{\"v\":1}".getBytes(UTF_8)));
        worker.commitTransaction();
        try (ResultReader reader = reader(beginning())) {
            assertThatThrownBy(() -> readAll(reader))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining(topics.results() + "-2 at offset 1 holds a result of run " + RUN);
        }
    }

    @Test
    void aTopicWithFewerPartitionsThanTheRunHasIsAnError() {
        assertThatThrownBy(() -> reader(Map.of(99, 0L)))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("no partition 99");
    }
}
