package io.millrace.kafka;

import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the topics that are missing, checks those that are there, commits the first offsets of a model's group, and warns
 * where the brokers' settings could lose data. Any number of programs may do so at the same time, any number of times.
 *
 * <p>Thread-safe.
 */
public final class TopicSetup {
    private static final Logger log = LoggerFactory.getLogger(TopicSetup.class);
    private static final String CLIENT_ID = "millrace-setup";

    private final KafkaClients clients;
    private final Topics topics;
    private final BrokerCalls calls;

    /** @param patience how long a broker may be away before a step gives up */
    public TopicSetup(KafkaClients clients, Topics topics, Duration patience) {
        this.clients = clients;
        this.topics = topics;
        this.calls = new BrokerCalls(clients.settings(), patience);
    }

    /** The topics that all models share: results, manifests, dead jobs. */
    public void ensureShared() {
        try (Admin admin = clients.admin(CLIENT_ID)) {
            ensureAll(admin, shared());
        }
    }

    /** All topics of a model, with 64 partitions for its jobs if they are not there yet, and its group's offsets. */
    public void ensure(String model) {
        ensure(model, Topics.JOB_PARTITIONS);
    }

    /** The same with another number of partitions, which counts only while the topic is not there yet. */
    public void ensure(String model, int partitions) {
        try (Admin admin = clients.admin(CLIENT_ID)) {
            List<TopicSpec> specs = new ArrayList<>(shared());
            specs.add(TopicSpec.jobs(topics, model, partitions));
            Map<String, TopicDescription> found = ensureAll(admin, specs);
            List<TopicPartition> jobs = found.get(topics.jobs(model)).partitions().stream()
                    .map(partition -> new TopicPartition(topics.jobs(model), partition.partition()))
                    .toList();
            new FirstOffsets(clients, calls, admin).ensure(topics, model, jobs);
            new DurabilityCheck(calls, admin).warn(found.values());
        }
    }

    private List<TopicSpec> shared() {
        return List.of(TopicSpec.results(topics), TopicSpec.runs(topics), TopicSpec.dead(topics));
    }

    private Map<String, TopicDescription> ensureAll(Admin admin, List<TopicSpec> specs) {
        for (TopicSpec spec : specs) {
            if (exists(admin, spec.name())) {
                check(admin, spec);
            } else {
                create(admin, spec);
            }
        }
        List<String> names = specs.stream().map(TopicSpec::name).toList();
        return calls.call(
                "describe the topics",
                () -> admin.describeTopics(names).allTopicNames().get());
    }

    private boolean exists(Admin admin, String name) {
        return calls.call("look for topic " + name, () -> {
            try {
                admin.describeTopics(List.of(name)).allTopicNames().get();
                return true;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                    return false;
                }
                throw e;
            }
        });
    }

    private void create(Admin admin, TopicSpec spec) {
        calls.call("create topic " + spec.name(), () -> {
            try {
                admin.createTopics(List.of(spec.create())).all().get();
                log.info("created topic {} with {} partitions", spec.name(), spec.partitions());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
                check(admin, spec);
            }
            return spec;
        });
    }

    private void check(Admin admin, TopicSpec spec) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, spec.name());
        calls.call("read the settings of topic " + spec.name(), () -> {
            try {
                Config config =
                        admin.describeConfigs(List.of(resource)).all().get().get(resource);
                spec.check(config);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof AuthorizationException)) {
                    throw e;
                }
                log.warn(
                        "may not read the settings of topic {}: see to cleanup.policy, retention.ms and"
                                + " max.message.bytes yourself",
                        spec.name());
            }
            return spec;
        });
    }
}
