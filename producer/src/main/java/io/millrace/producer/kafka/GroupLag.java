package io.millrace.producer.kafka;

import io.millrace.kafka.BrokerCalls;
import io.millrace.kafka.KafkaClients;
import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * How far the workers of a model are behind, all runs together.
 *
 * <p>Immutable.
 *
 * @param state the group's, as Kafka names it: {@code STABLE}, {@code EMPTY} ...
 * @param members those that are in the group now
 * @param unfinished partition to committed jobs from the first unfinished one on; a partition that is done has 0. Jobs
 *     that were finished out of order behind an unfinished one still count, and where there are more than a hundred,
 *     so do the marks of transactions
 * @param withoutOffset partitions for which the group has no offset, which no worker will take
 */
public record GroupLag(
        String group, String state, List<Member> members, Map<Integer, Long> unfinished, Set<Integer> withoutOffset) {
    /** Offsets of transactions' marks look like jobs; short rests are read to tell them apart. */
    private static final int COUNTED_EXACTLY = 100;

    private static final String CLIENT_ID = "millrace-status";
    private static final Duration POLL = Duration.ofMillis(100);

    /** A worker in the group. */
    public record Member(String instance, String host, int partitions) {}

    public GroupLag {
        members = List.copyOf(members);
        unfinished = Map.copyOf(unfinished);
        withoutOffset = Set.copyOf(withoutOffset);
    }

    /** The sum over all partitions. */
    public long total() {
        return unfinished.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Asks the brokers; the jobs topic must exist. */
    public static GroupLag read(KafkaClients clients, Topics topics, String model, Duration patience) {
        try (TopicEnds reader = new TopicEnds(clients, patience)) {
            return read(clients, topics, model, reader.stable(topics.jobs(model)), patience);
        }
    }

    /**
     * Up to these ends only.
     *
     * @param ends partition to an offset at or before its last stable one
     */
    static GroupLag read(
            KafkaClients clients, Topics topics, String model, Map<Integer, Long> ends, Duration patience) {
        BrokerCalls calls = new BrokerCalls(clients.settings(), patience);
        String group = topics.group(model);
        String topic = topics.jobs(model);
        Map<Integer, Long> beginning;
        try (TopicEnds reader = new TopicEnds(clients, patience)) {
            beginning = reader.beginning(topic);
        }
        try (Admin admin = clients.admin(CLIENT_ID)) {
            Map<TopicPartition, OffsetAndMetadata> committed = calls.call(
                    "read the offsets of group " + group,
                    () -> admin.listConsumerGroupOffsets(
                                    Map.of(group, new ListConsumerGroupOffsetsSpec()),
                                    new ListConsumerGroupOffsetsOptions().requireStable(false))
                            .partitionsToOffsetAndMetadata(group)
                            .get());
            Map<TopicPartition, Long> rests = new HashMap<>();
            Map<Integer, Long> unfinished = new TreeMap<>();
            Set<Integer> without = new TreeSet<>();
            ends.forEach((partition, end) -> {
                OffsetAndMetadata offset = committed.get(new TopicPartition(topic, partition));
                if (offset == null) {
                    without.add(partition);
                } else {
                    // What is deleted is nobody's to finish any more.
                    long from = Math.max(offset.offset(), beginning.getOrDefault(partition, 0L));
                    long lag = Math.max(0, end - from);
                    unfinished.put(partition, lag);
                    if (lag > 0 && lag <= COUNTED_EXACTLY) {
                        rests.put(new TopicPartition(topic, partition), from);
                    }
                }
            });
            unfinished.putAll(count(clients, calls, rests, ends));
            Group described = describe(calls, admin, group);
            return new GroupLag(group, described.state(), described.members(), unfinished, without);
        }
    }

    private static Map<Integer, Long> count(
            KafkaClients clients, BrokerCalls calls, Map<TopicPartition, Long> rests, Map<Integer, Long> ends) {
        Map<Integer, Long> counts = new HashMap<>();
        rests.keySet().forEach(partition -> counts.put(partition.partition(), 0L));
        if (rests.isEmpty()) {
            return counts;
        }
        Consumer<byte[], byte[]> consumer = clients.consumer(CLIENT_ID);
        try {
            consumer.assign(rests.keySet());
            rests.forEach(consumer::seek);
            long start = System.nanoTime();
            while (rests.keySet().stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.get(partition.partition()))) {
                calls.call("read waiting jobs", () -> consumer.poll(POLL)).forEach(record -> {
                    if (record.offset() < ends.get(record.partition())) {
                        counts.merge(record.partition(), 1L, Long::sum);
                    }
                });
                calls.requirePatience(start, "read waiting jobs");
            }
            return counts;
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
        }
    }

    record Group(String state, List<Member> members) {}

    static Group describe(BrokerCalls calls, Admin admin, String group) {
        return calls.call("describe group " + group, () -> {
            try {
                ConsumerGroupDescription description = admin.describeConsumerGroups(List.of(group))
                        .describedGroups()
                        .get(group)
                        .get();
                List<Member> members = description.members().stream()
                        .map(member -> new Member(
                                member.groupInstanceId().orElse(member.clientId()),
                                member.host(),
                                member.assignment().topicPartitions().size()))
                        .collect(Collectors.toList());
                return new Group(description.groupState().name(), members);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof GroupIdNotFoundException) {
                    return new Group("EMPTY", List.of());
                }
                throw e;
            }
        });
    }
}
