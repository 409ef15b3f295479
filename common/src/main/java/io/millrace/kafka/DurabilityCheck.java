package io.millrace.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of settings with which brokers could lose what they acknowledged. What may not be read is passed over.
 *
 * <p>Confined to the caller's thread.
 */
final class DurabilityCheck {
    private static final Logger log = LoggerFactory.getLogger(DurabilityCheck.class);
    /** The guarantee stands on these as much as on Millrace's own. */
    private static final List<String> KAFKAS_OWN = List.of("__consumer_offsets", "__transaction_state");

    private final BrokerCalls calls;
    private final Admin admin;

    DurabilityCheck(BrokerCalls calls, Admin admin) {
        this.calls = calls;
        this.admin = admin;
    }

    void warn(Collection<TopicDescription> topics) {
        facts(topics).warnings().forEach(log::warn);
    }

    private ClusterFacts facts(Collection<TopicDescription> topics) {
        Collection<Node> nodes = calls.call(
                "list the brokers", () -> admin.describeCluster().nodes().get());
        Map<String, ClusterFacts.Copies> copies = new HashMap<>();
        topics.forEach(topic -> copies.put(topic.name(), copies(topic)));
        for (String topic : KAFKAS_OWN) {
            readable(
                            "topic " + topic,
                            () -> admin.describeTopics(List.of(topic))
                                    .allTopicNames()
                                    .get()
                                    .get(topic))
                    .ifPresent(found -> copies.put(topic, copies(found)));
        }
        Optional<Duration> retention = nodes.stream()
                .findFirst()
                .flatMap(node -> setting(
                        new ConfigResource(ConfigResource.Type.BROKER, node.idString()), "offsets.retention.minutes"))
                .map(minutes -> Duration.ofMinutes(Long.parseLong(minutes)));
        return new ClusterFacts(nodes.size(), copies, retention);
    }

    private ClusterFacts.Copies copies(TopicDescription topic) {
        int fewest = topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        Optional<String> minInSync = setting(
                new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
        return new ClusterFacts.Copies(
                fewest, minInSync.map(Integer::parseInt).map(OptionalInt::of).orElseGet(OptionalInt::empty));
    }

    private Optional<String> setting(ConfigResource resource, String key) {
        return readable(
                        resource + " " + key,
                        () -> admin.describeConfigs(List.of(resource))
                                .all()
                                .get()
                                .get(resource)
                                .get(key))
                .map(ConfigEntry::value);
    }

    /** Empty for what is not there or may not be read. */
    private <T> Optional<T> readable(String what, BrokerCalls.Attempt<T> attempt) {
        return calls.call("read " + what, () -> {
            try {
                return Optional.ofNullable(attempt.make());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof AuthorizationException
                        || e.getCause() instanceof UnknownTopicOrPartitionException) {
                    log.debug("{} cannot be checked: {}", what, e.getCause().getMessage());
                    return Optional.empty();
                }
                throw e;
            }
        });
    }
}
