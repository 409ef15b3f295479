package io.millrace.kafka;

import io.millrace.wire.Topics;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a topic is made, and what is asked of one that somebody else made. Nothing expires by itself: a run may take
 * weeks, and retention would eat its unfinished jobs or uncollected results without a word.
 *
 * <p>Immutable.
 */
record TopicSpec(String name, int partitions, boolean compacted) {
    private static final Logger log = LoggerFactory.getLogger(TopicSpec.class);
    private static final int DEAD_PARTITIONS = 4;
    /** Small, since the newest segment is never compacted and every start reads the topic whole. */
    private static final int COMPACTED_SEGMENT_BYTES = 4 * 1024 * 1024;

    private static final int COMPACTED_RECORD_BYTES = 1024 * 1024;

    static TopicSpec jobs(Topics topics, String model, int partitions) {
        return new TopicSpec(topics.jobs(model), partitions, false);
    }

    static TopicSpec results(Topics topics) {
        return new TopicSpec(topics.results(), Topics.RESULT_PARTITIONS, false);
    }

    static TopicSpec runs(Topics topics) {
        return new TopicSpec(topics.runs(), 1, true);
    }

    static TopicSpec dead(Topics topics) {
        return new TopicSpec(topics.dead(), DEAD_PARTITIONS, false);
    }

    private int recordBytes() {
        return compacted ? COMPACTED_RECORD_BYTES : Topics.MAX_RECORD_BYTES;
    }

    /** With the brokers' default replication factor and {@code min.insync.replicas}. */
    NewTopic create() {
        Map<String, String> common = Map.of(
                TopicConfig.RETENTION_MS_CONFIG, "-1",
                TopicConfig.RETENTION_BYTES_CONFIG, "-1",
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(recordBytes()));
        NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty());
        Map<String, String> settings = new java.util.HashMap<>(common);
        if (compacted) {
            settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
            settings.put(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(COMPACTED_SEGMENT_BYTES));
        } else {
            settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        }
        return topic.configs(settings);
    }

    /**
     * Checks a topic that is there already.
     *
     * @throws ClusterException if results or manifests would be lost in it
     */
    void check(Config config) {
        String policy = value(config, TopicConfig.CLEANUP_POLICY_CONFIG);
        boolean compacts = policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT);
        boolean deletes = policy.contains(TopicConfig.CLEANUP_POLICY_DELETE);
        if (compacted ? !compacts || deletes : compacts) {
            throw new ClusterException("topic " + name + " has cleanup.policy=" + policy + ", which "
                    + (compacted ? "would delete or pile up the runs' manifests" : "would drop records")
                    + ": set cleanup.policy=" + (compacted ? "compact" : "delete") + " (kafka-configs.sh --alter)");
        }
        warnOfRetention(config, TopicConfig.RETENTION_MS_CONFIG);
        warnOfRetention(config, TopicConfig.RETENTION_BYTES_CONFIG);
        long bytes = Long.parseLong(value(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
        if (bytes < recordBytes()) {
            log.warn(
                    "topic {} has max.message.bytes={}: larger records will be refused; {} is what Millrace expects",
                    name,
                    bytes,
                    recordBytes());
        }
    }

    private void warnOfRetention(Config config, String key) {
        String value = value(config, key);
        if (!compacted && !value.equals("-1")) {
            log.warn(
                    "topic {} has {}={}: records that are older or beyond it are deleted, finished or not;"
                            + " set {}=-1, or make sure that it outlasts every run",
                    name,
                    key,
                    value,
                    key);
        }
    }

    private static String value(Config config, String key) {
        ConfigEntry entry = config.get(key);
        return entry == null || entry.value() == null ? "" : entry.value();
    }
}
