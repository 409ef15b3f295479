package io.millrace.kafka;

import java.time.Duration;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;

/**
 * What a cluster has at a moment.
 *
 * <p>Immutable.
 *
 * @param brokers how many there are
 * @param topics names of all topics that may be seen
 */
public record ClusterView(int brokers, Set<String> topics) {

    public ClusterView {
        topics = Set.copyOf(topics);
    }

    /** @throws ClusterException when no broker answers within patience, or access is refused */
    public static ClusterView look(KafkaClients clients, Duration patience) {
        BrokerCalls calls = new BrokerCalls(clients.settings(), patience);
        try (Admin admin = clients.admin("millrace-doctor")) {
            return new ClusterView(
                    calls.call(
                            "look at the cluster",
                            () -> admin.describeCluster().nodes().get().size()),
                    calls.call(
                            "list the topics", () -> admin.listTopics().names().get()));
        }
    }
}
