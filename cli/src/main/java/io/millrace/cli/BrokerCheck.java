package io.millrace.cli;

import io.millrace.kafka.ClusterException;
import io.millrace.kafka.ClusterView;
import io.millrace.kafka.KafkaClients;
import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Looks at a Kafka cluster: whether it answers, and which of Millrace's topics it has. Thread-safe. */
final class BrokerCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private BrokerCheck() {}

    static List<Finding> look(KafkaClients clients, Topics topics, String model) {
        ClusterView cluster;
        try {
            cluster = ClusterView.look(clients, PATIENCE);
        } catch (ClusterException e) {
            return List.of(Finding.fail("broker", e.getMessage(), "see --bootstrap-server and --kafka-config"));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(
                "broker",
                clients.settings().address() + " answers, " + cluster.brokers()
                        + (cluster.brokers() == 1 ? " broker" : " brokers")));
        for (String topic : List.of(topics.runs(), topics.results(), topics.dead(), topics.jobs(model))) {
            findings.add(
                    cluster.topics().contains(topic)
                            ? Finding.ok("topic", topic)
                            : Finding.note(
                                    "topic",
                                    topic + " is not there",
                                    "the first worker or run makes it; without the right to, ask for it to be made"));
        }
        return findings;
    }
}
