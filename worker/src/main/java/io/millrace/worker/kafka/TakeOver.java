package io.millrace.worker.kafka;

import io.millrace.worker.delivery.CommitMetadata;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what is committed of newly assigned partitions, without blocking the poll thread. A dead owner's open
 * transaction would hold the answer up until it times out: so the metadata is first read unstable, and the transactional
 * ids of dirty foreign owners are fenced, which ends their transactions; then the stable offsets are read. A partition
 * that the stable answer leaves out is still in somebody's transaction and is asked for again; it never counts as 0.
 *
 * <p>An answer counts only for the assignments that it was asked for: while a question is under way, a partition may go
 * to another worker, which commits, and come back, and what was read before is not what is committed now.
 *
 * <p>Confined to the kafka-poll thread; the answers come on the admin client's.
 */
final class TakeOver {
    private static final Logger log = LoggerFactory.getLogger(TakeOver.class);
    private static final long RETRY_NANOS = Duration.ofMillis(100).toNanos();
    private static final long RETRY_FAILED_NANOS = Duration.ofSeconds(1).toNanos();

    private final Admin admin;
    private final String group;
    private final String topic;
    private final String ownTransactionalId;
    private final Consumer<Answer> answers;

    /** Partition to the epoch of the assignment that waits for its offset. */
    private final Map<Integer, Long> wanted = new HashMap<>();
    /** The same of the last question. */
    private final Map<Integer, Long> asked = new HashMap<>();
    /**
     * Partition to the epoch of the assignment for which its owner was fenced. Once is enough, as it cannot commit this
     * partition again; and it may be alive and have others.
     */
    private final Map<Integer, Long> fenced = new ConcurrentHashMap<>();

    private boolean asking;
    private long askAgainNanos;

    TakeOver(Admin admin, WorkerKafkaConfig config, Consumer<Answer> answers) {
        this.admin = admin;
        this.group = config.topics().group(config.model());
        this.topic = config.topics().jobs(config.model());
        this.ownTransactionalId = config.transactionalId();
        this.answers = answers;
    }

    /** What came back of one question. */
    sealed interface Answer {
        /** Partition to what is committed; a null value of the broker is an {@link Absent} instead. */
        record Offsets(Map<Integer, OffsetAndMetadata> committed, Set<Integer> absent) implements Answer {}

        /** Nothing came; ask again. */
        record Failed(Throwable cause) implements Answer {}
    }

    void want(int partition, long epoch) {
        wanted.put(partition, epoch);
        askAgainNanos = 0;
    }

    void forget(int partition) {
        wanted.remove(partition);
    }

    /** The epoch that waits for the partition and is answered, and then waits no longer; -1 when none is. */
    long settle(int partition) {
        Long epoch = asked.get(partition);
        return epoch != null && wanted.remove(partition, epoch) ? epoch : -1;
    }

    /** The last question was answered, or not; what is still wanted is asked for again after a while. */
    void answered(long nowNanos, boolean failed) {
        asking = false;
        askAgainNanos = nowNanos + (failed ? RETRY_FAILED_NANOS : RETRY_NANOS);
    }

    /** Asks when there is something to ask. */
    void ask(long nowNanos) {
        if (asking || wanted.isEmpty() || (askAgainNanos != 0 && nowNanos - askAgainNanos < 0)) {
            return;
        }
        asking = true;
        asked.clear();
        asked.putAll(wanted);
        Map<Integer, Long> question = Map.copyOf(wanted);
        Set<TopicPartition> partitions = new HashSet<>();
        question.keySet().forEach(p -> partitions.add(new TopicPartition(topic, p)));
        committed(partitions, false).whenComplete((unstable, error) -> {
            if (error != null) {
                answers.accept(new Answer.Failed(error));
                return;
            }
            Set<String> owners;
            try {
                owners = deadOwners(question, unstable);
            } catch (IllegalArgumentException e) {
                answers.accept(new Answer.Failed(e));
                return;
            }
            fenceThenRead(question, partitions, owners);
        });
    }

    private KafkaFuture<Map<TopicPartition, OffsetAndMetadata>> committed(
            Set<TopicPartition> partitions, boolean stable) {
        return admin.listConsumerGroupOffsets(
                        Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)),
                        new ListConsumerGroupOffsetsOptions().requireStable(stable))
                .partitionsToOffsetAndMetadata(group);
    }

    private Set<String> deadOwners(Map<Integer, Long> question, Map<TopicPartition, OffsetAndMetadata> committed) {
        Set<String> owners = new HashSet<>();
        for (Map.Entry<TopicPartition, OffsetAndMetadata> entry : committed.entrySet()) {
            int partition = entry.getKey().partition();
            OffsetAndMetadata offset = entry.getValue();
            if (offset == null || question.get(partition).equals(fenced.get(partition))) {
                continue;
            }
            CommitMetadata metadata = CommitMetadata.decode(offset.offset(), offset.metadata());
            if (metadata.dirty() && !metadata.owner().equals(ownTransactionalId)) {
                owners.add(metadata.owner());
            }
        }
        return owners;
    }

    private void fenceThenRead(Map<Integer, Long> question, Set<TopicPartition> partitions, Set<String> owners) {
        if (owners.isEmpty()) {
            readStable(partitions);
            return;
        }
        log.info("fencing {}, which did not hand over its partitions", owners);
        admin.fenceProducers(owners).all().whenComplete((done, error) -> {
            if (error != null) {
                answers.accept(new Answer.Failed(error));
            } else {
                fenced.putAll(question);
                readStable(partitions);
            }
        });
    }

    private void readStable(Set<TopicPartition> partitions) {
        committed(partitions, true).whenComplete((stable, error) -> {
            if (error != null) {
                answers.accept(new Answer.Failed(error));
                return;
            }
            Map<Integer, OffsetAndMetadata> found = new HashMap<>();
            Set<Integer> absent = new HashSet<>();
            for (TopicPartition partition : partitions) {
                // Left out: unstable. There with null: nothing was ever committed.
                if (stable.containsKey(partition)) {
                    OffsetAndMetadata offset = stable.get(partition);
                    if (offset == null) {
                        absent.add(partition.partition());
                    } else {
                        found.put(partition.partition(), offset);
                    }
                }
            }
            answers.accept(new Answer.Offsets(found, absent));
        });
    }
}
