package io.millrace.cli;

import io.millrace.kafka.BrokerCalls;
import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;

/** Looks at a Kafka cluster: whether it answers, and which of Millrace's topics it has. Confined to the calling thread. */
final class BrokerCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private BrokerCheck() {}

    static List<Finding> look(KafkaClients clients, Topics topics, String model) {
        List<Finding> findings = new ArrayList<>();
        BrokerCalls calls = new BrokerCalls(clients.settings(), PATIENCE);
        try (Admin admin = clients.admin("millrace-doctor")) {
            int brokers = calls.call(
                    "look at the cluster",
                    () -> admin.describeCluster().nodes().get().size());
            findings.add(Finding.ok(
                    "broker",
                    clients.settings().address() + " answers, " + brokers + (brokers == 1 ? " broker" : " brokers")));
            Set<String> names = calls.call(
                    "list the topics", () -> admin.listTopics().names().get());
            for (String topic : List.of(topics.runs(), topics.results(), topics.dead(), topics.jobs(model))) {
                findings.add(
                        names.contains(topic)
                                ? Finding.ok("topic", topic)
                                : Finding.note(
                                        "topic",
                                        topic + " is not there",
                                        "the first worker or run makes it; without the right to, ask for it to be made"));
            }
        } catch (ClusterException e) {
            findings.add(Finding.fail("broker", e.getMessage(), "see --bootstrap-server and --kafka-config"));
        }
        return findings;
    }
}
