package io.millrace.producer.kafka;

import io.millrace.kafka.BrokerCalls;
import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Where topics end.
 *
 * <p>Confined to one thread.
 */
final class TopicEnds implements AutoCloseable {
    private final KafkaClients clients;
    private final BrokerCalls calls;
    private final Consumer<byte[], byte[]> consumer;

    TopicEnds(KafkaClients clients, Duration patience) {
        this.clients = clients;
        this.calls = new BrokerCalls(clients.settings(), patience);
        this.consumer = clients.consumer("millrace-ends");
    }

    /** Partition to last stable offset: the end for a reader of committed records. */
    Map<Integer, Long> stable(String topic) {
        List<TopicPartition> partitions = calls.partitions(topic, consumer);
        if (partitions.isEmpty()) {
            throw new ClusterException("topic " + topic + " does not exist: millrace submit makes it");
        }
        return calls.call("read the end of topic " + topic, () -> consumer.endOffsets(partitions)).entrySet().stream()
                .collect(Collectors.toMap(end -> end.getKey().partition(), Map.Entry::getValue));
    }

    /** Partition to the first offset that is still there. */
    Map<Integer, Long> beginning(String topic) {
        List<TopicPartition> partitions = stable(topic).keySet().stream()
                .map(partition -> new TopicPartition(topic, partition))
                .toList();
        return calls
                .call("read the beginning of topic " + topic, () -> consumer.beginningOffsets(partitions))
                .entrySet()
                .stream()
                .collect(Collectors.toMap(begin -> begin.getKey().partition(), Map.Entry::getValue));
    }

    /** Partition to the end of the log, open transactions included. */
    Map<Integer, Long> log(String topic) {
        Map<TopicPartition, OffsetSpec> latest = stable(topic).keySet().stream()
                .collect(Collectors.toMap(p -> new TopicPartition(topic, p), p -> OffsetSpec.latest()));
        try (Admin admin = clients.admin("millrace-ends")) {
            return calls
                    .call(
                            "read the end of topic " + topic,
                            () -> admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                                    .all()
                                    .get())
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(
                            end -> end.getKey().partition(),
                            end -> end.getValue().offset()));
        }
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
