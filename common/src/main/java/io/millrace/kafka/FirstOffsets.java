package io.millrace.kafka;

import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits offset and empty metadata for the partitions of a group that have none, so that a worker can treat an absent
 * offset as an error. Never touches one that is there: what is absent is read and committed under one transactional id,
 * so that of two set-ups at once, or of one that was frozen in between, the older is fenced and reads again. An
 * administrator's plain commit would write the beginning over what a worker has committed since.
 *
 * <p>Confined to the caller's thread.
 */
final class FirstOffsets {
    private static final Logger log = LoggerFactory.getLogger(FirstOffsets.class);
    private static final String CLIENT_ID = "millrace-setup";

    private final KafkaClients clients;
    private final BrokerCalls calls;
    private final Admin admin;

    FirstOffsets(KafkaClients clients, BrokerCalls calls, Admin admin) {
        this.clients = clients;
        this.calls = calls;
        this.admin = admin;
    }

    void ensure(Topics topics, String model, List<TopicPartition> partitions) {
        String group = topics.group(model);
        calls.call("commit the first offsets of group " + group, () -> {
            if (!absent(group, partitions).isEmpty()) {
                commitAbsent(topics, model, partitions);
            }
            return group;
        });
    }

    private void commitAbsent(Topics topics, String model, List<TopicPartition> partitions) throws Exception {
        String group = topics.group(model);
        try (Transaction transaction =
                new Transaction(clients.transactionalProducer(CLIENT_ID, topics.setupTransactionalId(model)))) {
            transaction.producer().initTransactions();
            Set<TopicPartition> absent = absent(group, partitions);
            if (absent.isEmpty()) {
                return;
            }
            Map<TopicPartition, Long> begin = offsets(absent, OffsetSpec.earliest());
            refuseForgotten(group, partitions, begin);
            Map<TopicPartition, OffsetAndMetadata> first = new HashMap<>();
            begin.forEach((partition, offset) -> first.put(partition, new OffsetAndMetadata(offset, "")));
            transaction.producer().beginTransaction();
            transaction.producer().sendOffsetsToTransaction(first, new ConsumerGroupMetadata(group));
            transaction.producer().commitTransaction();
            log.info("committed the first offsets of {} partitions for group {}", first.size(), group);
        } catch (KafkaException e) {
            // Most often another set-up went first.
            throw calls.again("commit the first offsets of group " + group, e);
        }
    }

    /**
     * Jobs come after the first offsets, so jobs without an offset mean that the brokers have forgotten it. Starting at
     * the beginning would then run what is finished a second time.
     */
    private void refuseForgotten(String group, List<TopicPartition> partitions, Map<TopicPartition, Long> begin)
            throws Exception {
        Map<TopicPartition, Long> end = offsets(begin.keySet(), OffsetSpec.latest());
        Set<TopicPartition> filled = begin.keySet().stream()
                .filter(partition -> end.get(partition) > begin.get(partition))
                .collect(Collectors.toSet());
        // Another set-up and a submitter may have come in between the two reads.
        filled.retainAll(absent(group, partitions));
        if (!filled.isEmpty()) {
            String topic = partitions.get(0).topic();
            throw new ClusterException("topic " + topic + " holds records in " + filled.size()
                    + " partitions for which group " + group + " has no offset: the brokers have forgotten it"
                    + " (offsets.retention.minutes), or the group was deleted. If no job in it is finished, set the"
                    + " offsets with kafka-consumer-groups.sh --group " + group + " --topic " + topic
                    + " --reset-offsets --to-earliest --execute; if all are, with --to-latest");
        }
    }

    /**
     * The partitions without a commit. A partition with one is not looked at further, so the transactions of busy workers
     * are not waited for.
     */
    private Set<TopicPartition> absent(String group, List<TopicPartition> partitions) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> now = committed(group, partitions, false);
        List<TopicPartition> without = partitions.stream()
                .filter(partition -> now.get(partition) == null)
                .toList();
        if (without.isEmpty()) {
            return Set.of();
        }
        Map<TopicPartition, OffsetAndMetadata> stable = committed(group, without, true);
        Set<TopicPartition> absent = new HashSet<>();
        for (TopicPartition partition : without) {
            // Left out means that a transaction on it is open; there with null, that nothing was ever committed.
            if (!stable.containsKey(partition)) {
                throw new NotYetException("a transaction on " + partition + " is still open");
            }
            if (stable.get(partition) == null) {
                absent.add(partition);
            }
        }
        return absent;
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(
            String group, List<TopicPartition> partitions, boolean stable) throws Exception {
        return admin.listConsumerGroupOffsets(
                        Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)),
                        new ListConsumerGroupOffsetsOptions().requireStable(stable))
                .partitionsToOffsetAndMetadata(group)
                .get();
    }

    private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec spec) throws Exception {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin.listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> spec)))
                .all()
                .get()
                .forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
    }

    /** Closes without waiting: what is not committed by now is for the next set-up to abort. */
    private record Transaction(Producer<byte[], byte[]> producer) implements AutoCloseable {
        @Override
        public void close() {
            producer.close(Duration.ZERO);
        }
    }
}
