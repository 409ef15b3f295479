package io.millrace.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What of a cluster decides whether it can lose what it has acknowledged.
 *
 * <p>Immutable.
 *
 * @param brokers how many there are
 * @param topics the topics that matter, Kafka's own included, by name
 * @param offsetsRetention after which an empty group's offsets are forgotten; empty where it may not be read
 */
record ClusterFacts(int brokers, Map<String, Copies> topics, Optional<Duration> offsetsRetention) {
    private static final Duration SHORT_RETENTION = Duration.ofDays(7);
    private static final int SAFE_COPIES = 3;

    ClusterFacts {
        topics = Map.copyOf(topics);
    }

    /**
     * The copies of a topic's data.
     *
     * @param replicas of the partition that has the fewest
     * @param minInSync {@code min.insync.replicas}; empty where it may not be read
     */
    record Copies(int replicas, OptionalInt minInSync) {}

    /** One sentence for each thing that could lose an acknowledged record, or stop the work, with its remedy. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        new TreeMap<>(topics).forEach((topic, copies) -> warn(topic, copies, warnings));
        offsetsRetention
                .filter(time -> time.compareTo(SHORT_RETENTION) < 0)
                .ifPresent(time -> warnings.add("offsets.retention.minutes is " + time.toMinutes()
                        + ": when no worker of a model runs for so long, the brokers forget which of its jobs are"
                        + " finished, and the model's topic is refused until somebody sets the offsets; set it to more"
                        + " than any pause of the workers"));
        return warnings;
    }

    private void warn(String topic, Copies copies, List<String> warnings) {
        int possible = Math.min(SAFE_COPIES, brokers);
        if (copies.replicas() < possible && copies.replicas() == 1) {
            warnings.add("topic " + topic + " has one copy on a cluster of " + brokers
                    + " brokers: with its disk, jobs, results or offsets are lost; give it a replication factor of "
                    + possible + " (kafka-reassign-partitions.sh)");
        }
        if (copies.replicas() >= SAFE_COPIES && copies.minInSync().orElse(2) < 2) {
            warnings.add("topic " + topic + " has " + copies.replicas() + " copies and min.insync.replicas=1: a record"
                    + " counts as stored when one broker has it; set min.insync.replicas=2");
        }
        if (copies.replicas() > 1 && copies.minInSync().orElse(0) >= copies.replicas()) {
            warnings.add("topic " + topic + " has " + copies.replicas() + " copies and min.insync.replicas="
                    + copies.minInSync().getAsInt() + ": no broker may be away; set it to "
                    + Math.max(1, copies.replicas() - 1));
        }
    }
}
