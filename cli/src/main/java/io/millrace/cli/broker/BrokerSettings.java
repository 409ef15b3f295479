package io.millrace.cli.broker;

import io.millrace.wire.Topics;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * A single node's settings: every replicated thing has one copy, little memory and few threads, and nothing expires.
 * {@code more} goes over these.
 *
 * <p>Immutable.
 */
record BrokerSettings(
        Path dir, String host, String advertisedHost, int port, int controllerPort, Map<String, String> more) {
    static final int NODE = 1;
    static final String CONTROLLER = "CONTROLLER";
    private static final String BROKER = "PLAINTEXT";
    /** Ten years: a group whose offsets expire cannot tell finished jobs from new ones. */
    private static final int OFFSETS_RETENTION_MINUTES = 10 * 365 * 24 * 60;

    BrokerSettings {
        more = Map.copyOf(more);
    }

    String bootstrap() {
        return bracketed(advertisedHost) + ":" + port;
    }

    private static String bracketed(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    Properties properties() {
        Properties properties = new Properties();
        set(properties, "process.roles", "broker,controller");
        set(properties, "node.id", NODE);
        set(
                properties,
                "listeners",
                BROKER + "://" + bracketed(host) + ":" + port + "," + CONTROLLER + "://127.0.0.1:" + controllerPort);
        set(properties, "advertised.listeners", BROKER + "://" + bootstrap());
        set(properties, "listener.security.protocol.map", BROKER + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        set(properties, "inter.broker.listener.name", BROKER);
        set(properties, "controller.listener.names", CONTROLLER);
        set(properties, "controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort);
        set(properties, "log.dirs", dir);
        singleNode(properties);
        small(properties);
        lasting(properties);
        properties.putAll(more);
        return properties;
    }

    /** The controller's part of it alone, which soon takes a broker that does not report for dead. */
    Properties controllerProperties() {
        Properties properties = properties();
        set(properties, "process.roles", "controller");
        set(properties, "listeners", CONTROLLER + "://127.0.0.1:" + controllerPort);
        properties.remove("advertised.listeners");
        properties.remove("inter.broker.listener.name");
        set(properties, "broker.session.timeout.ms", 200);
        set(properties, "broker.heartbeat.interval.ms", 100);
        return properties;
    }

    private static void singleNode(Properties properties) {
        for (String topic : new String[] {"transaction.state.log", "share.coordinator.state.topic"}) {
            set(properties, topic + ".replication.factor", 1);
            set(properties, topic + ".min.isr", 1);
            set(properties, topic + ".num.partitions", 4);
        }
        set(properties, "offsets.topic.replication.factor", 1);
        set(properties, "offsets.topic.num.partitions", 4);
        set(properties, "default.replication.factor", 1);
        set(properties, "min.insync.replicas", 1);
        set(properties, "auto.create.topics.enable", false);
        set(properties, "group.initial.rebalance.delay.ms", 0);
        set(properties, "group.min.session.timeout.ms", 1_000);
        // An open transaction of a dead process ends this soon after its time-out; the default of 10 s stalls workers.
        set(properties, "transaction.abort.timed.out.transaction.cleanup.interval.ms", 1_000);
        set(properties, "message.max.bytes", Topics.MAX_RECORD_BYTES);
    }

    private static void small(Properties properties) {
        set(properties, "num.network.threads", 2);
        set(properties, "num.io.threads", 4);
        set(properties, "background.threads", 2);
        set(properties, "num.recovery.threads.per.data.dir", 2);
        set(properties, "log.cleaner.dedupe.buffer.size", 4 * 1024 * 1024);
        set(properties, "log.segment.bytes", 256 * 1024 * 1024);
        set(properties, "log.index.size.max.bytes", 1024 * 1024);
        // No record twice a second for followers that there are not.
        set(properties, "metadata.max.idle.interval.ms", 0);
    }

    private static void lasting(Properties properties) {
        set(properties, "log.retention.ms", -1);
        set(properties, "log.retention.bytes", -1);
        set(properties, "offsets.retention.minutes", OFFSETS_RETENTION_MINUTES);
    }

    private static void set(Properties properties, String key, Object value) {
        properties.setProperty(key, value.toString());
    }
}
