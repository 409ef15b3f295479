package io.millrace.cli;

import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.KafkaSettings;
import io.millrace.kafka.TopicSetup;
import io.millrace.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where Kafka is. */
final class ClusterOptions {
    /** How long a broker may be away at the start of a command. */
    static final Duration START_PATIENCE = Duration.ofSeconds(60);

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:MILLRACE_BOOTSTRAP_SERVER}",
            description = "Kafka's address, or several with commas (or MILLRACE_BOOTSTRAP_SERVER).")
    private String bootstrapServer;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Kafka client properties, such as security.protocol, sasl.* and ssl.*.")
    private Path kafkaConfig;

    @Option(
            names = "--topic-prefix",
            paramLabel = "NAME",
            defaultValue = "millrace",
            description = "Prefix of all topics and groups (default: ${DEFAULT-VALUE}).")
    private String topicPrefix;

    boolean given() {
        return bootstrapServer != null || kafkaConfig != null;
    }

    KafkaClients clients() {
        return new KafkaClients(
                KafkaSettings.load(Optional.ofNullable(bootstrapServer), Optional.ofNullable(kafkaConfig)));
    }

    Topics topics() {
        try {
            return new Topics(topicPrefix);
        } catch (IllegalArgumentException e) {
            throw new UserError("--topic-prefix: " + e.getMessage());
        }
    }

    /** Makes the topics of a model where they are missing. */
    static void setUp(KafkaClients clients, Topics topics, String model) {
        new TopicSetup(clients, topics, START_PATIENCE).ensure(model);
    }
}
