package io.millrace.producer.kafka;

import io.millrace.kafka.BrokerCalls;
import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Where topics end for a reader of committed records.
 *
 * <p>Confined to one thread.
 */
final class TopicEnds implements AutoCloseable {
    private final BrokerCalls calls;
    private final Consumer<byte[], byte[]> consumer;

    TopicEnds(KafkaClients clients, Duration patience) {
        this.calls = new BrokerCalls(clients.settings(), patience);
        this.consumer = clients.consumer("millrace-ends");
    }

    /** Partition to last stable offset. */
    Map<Integer, Long> stable(String topic) {
        List<TopicPartition> partitions =
                calls.call("find topic " + topic, () -> consumer.partitionsFor(topic)).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        if (partitions.isEmpty()) {
            throw new ClusterException("topic " + topic + " does not exist: millrace submit makes it");
        }
        return calls.call("read the end of topic " + topic, () -> consumer.endOffsets(partitions)).entrySet().stream()
                .collect(Collectors.toMap(end -> end.getKey().partition(), Map.Entry::getValue));
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
