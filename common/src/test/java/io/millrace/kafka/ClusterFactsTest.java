package io.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kafka.ClusterFacts.Copies;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ClusterFactsTest {
    private static final Optional<Duration> LONG = Optional.of(Duration.ofDays(3650));

    private static List<String> warnings(int brokers, int replicas, int minInSync) {
        Copies copies = new Copies(replicas, OptionalInt.of(minInSync));
        return new ClusterFacts(brokers, Map.of("millrace.results", copies), LONG).warnings();
    }

    @Test
    void aClusterThatLosesNothingIsNotWarnedOf() {
        assertThat(warnings(1, 1, 1)).isEmpty();
        assertThat(warnings(2, 2, 1)).isEmpty();
        assertThat(warnings(3, 3, 2)).isEmpty();
        assertThat(warnings(12, 3, 2)).isEmpty();
    }

    @Test
    void oneCopyOnSeveralBrokersIsWarnedOf() {
        assertThat(warnings(3, 1, 1))
                .singleElement()
                .asString()
                .contains("topic millrace.results has one copy on a cluster of 3 brokers", "replication factor of 3");
    }

    @Test
    void copiesThatNeedNotBeInSyncAreWarnedOf() {
        assertThat(warnings(3, 3, 1)).singleElement().asString().contains("set min.insync.replicas=2");
    }

    @Test
    void copiesThatMustAllBeThereAreWarnedOf() {
        assertThat(warnings(3, 3, 3)).singleElement().asString().contains("no broker may be away; set it to 2");
        assertThat(warnings(2, 2, 2)).singleElement().asString().contains("set it to 1");
    }

    @Test
    void offsetsThatAreSoonForgottenAreWarnedOf() {
        ClusterFacts hasty = new ClusterFacts(1, Map.of(), Optional.of(Duration.ofHours(24)));

        assertThat(hasty.warnings()).singleElement().asString().startsWith("offsets.retention.minutes is 1440: when");
        assertThat(new ClusterFacts(1, Map.of(), Optional.empty()).warnings()).isEmpty();
        assertThat(new ClusterFacts(1, Map.of(), Optional.of(Duration.ofDays(7))).warnings())
                .as("Kafka's default")
                .isEmpty();
    }
}
