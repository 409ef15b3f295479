package io.millrace.worker.kafka;

import io.millrace.worker.delivery.BacklogPlan;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.TopicPartition;

/**
 * Assigns by {@link BacklogPlan}, in two rounds as the cooperative protocol wants: a partition that changes hands is given
 * to nobody until its owner has handed it over, which starts the second round. What workers say of the backlog only moves
 * partitions; a wrong number costs time, never a job.
 *
 * <p>Made by the consumer; confined to the kafka-poll thread.
 */
public final class BacklogAssignor implements ConsumerPartitionAssignor, Configurable {
    static final String NAME = "millrace-backlog";
    /** The setting by which the consumer's settings carry this worker's {@link Backlog}. */
    static final String BACKLOG = "millrace.backlog";

    private AtomicReference<?> own = new AtomicReference<>(Backlog.NONE);

    @Override
    public void configure(Map<String, ?> settings) {
        if (settings.get(BACKLOG) instanceof AtomicReference<?> given) {
            own = given;
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<RebalanceProtocol> supportedProtocols() {
        return List.of(RebalanceProtocol.COOPERATIVE, RebalanceProtocol.EAGER);
    }

    @Override
    public ByteBuffer subscriptionUserData(Set<String> topics) {
        return own.get() instanceof Backlog backlog ? backlog.encode() : Backlog.NONE.encode();
    }

    @Override
    public GroupAssignment assign(Cluster cluster, GroupSubscription group) {
        Map<String, Subscription> members = group.groupSubscription();
        Map<String, List<TopicPartition>> assigned = new HashMap<>();
        members.keySet().forEach(member -> assigned.put(member, new ArrayList<>()));
        Set<String> topics = new TreeSet<>();
        members.values().forEach(member -> topics.addAll(member.topics()));
        for (String topic : topics) {
            Integer count = cluster.partitionCountForTopic(topic);
            if (count != null) {
                assign(topic, count, members, assigned);
            }
        }
        Map<String, Assignment> answer = new HashMap<>();
        assigned.forEach((member, partitions) -> answer.put(member, new Assignment(partitions)));
        return new GroupAssignment(answer);
    }

    private static void assign(
            String topic, int count, Map<String, Subscription> members, Map<String, List<TopicPartition>> assigned) {
        Map<Integer, String> owners = owners(topic, members);
        Map<String, Collection<Integer>> owned = new TreeMap<>();
        members.forEach((member, subscription) -> {
            if (subscription.topics().contains(topic)) {
                owned.put(member, new ArrayList<>());
            }
        });
        owners.forEach((partition, owner) -> owned.get(owner).add(partition));
        List<Integer> all = new ArrayList<>();
        for (int partition = 0; partition < count; partition++) {
            all.add(partition);
        }
        for (Map.Entry<String, SortedSet<Integer>> entry :
                BacklogPlan.of(owned, all, backlog(members.values())).entrySet()) {
            for (int partition : entry.getValue()) {
                String owner = owners.getOrDefault(partition, entry.getKey());
                if (owner.equals(entry.getKey())) {
                    assigned.get(owner).add(new TopicPartition(topic, partition));
                }
            }
        }
    }

    /** Of two that claim a partition the one of the later generation; of the same, neither. */
    private static Map<Integer, String> owners(String topic, Map<String, Subscription> members) {
        Map<Integer, String> owners = new HashMap<>();
        Map<Integer, Integer> generations = new HashMap<>();
        new TreeMap<>(members).forEach((member, subscription) -> {
            int generation = subscription.generationId().orElse(-1);
            for (TopicPartition partition : subscription.ownedPartitions()) {
                if (!partition.topic().equals(topic) || !subscription.topics().contains(topic)) {
                    continue;
                }
                int before = generations.getOrDefault(partition.partition(), Integer.MIN_VALUE);
                if (generation > before) {
                    owners.put(partition.partition(), member);
                    generations.put(partition.partition(), generation);
                } else if (generation == before) {
                    owners.remove(partition.partition());
                }
            }
        });
        return owners;
    }

    /** The least that anybody knows to be left: jobs do not become more while a run ends. */
    private static Map<Integer, Long> backlog(Collection<Subscription> members) {
        Map<Integer, Long> least = new HashMap<>();
        for (Subscription member : members) {
            Backlog.decode(member.userData())
                    .jobs()
                    .forEach((partition, jobs) -> least.merge(partition, jobs, Math::min));
        }
        return least;
    }
}
