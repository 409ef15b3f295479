package io.millrace.kafka;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which settings a user's file may not have, since exactly one result a job would not hold with them. */
final class SettingRules {
    private static final Logger log = LoggerFactory.getLogger(SettingRules.class);

    private record Rule(String key, Predicate<String> allowed, String reason) {}

    private static final String OWN_NAMES = "Millrace names its transactions and groups itself";
    private static final String OWN_FORMAT = "Millrace reads and writes bytes itself";

    private static final List<Rule> RULES = List.of(
            new Rule("acks", is("all", "-1"), "an acknowledged job could be lost with a broker; only 'all' is safe"),
            new Rule("enable.idempotence", is("true"), "a retried send could store a job twice"),
            new Rule("isolation.level", is("read_committed"), "results of aborted transactions would be collected"),
            new Rule("enable.auto.commit", is("false"), "jobs would count as done before their results are stored"),
            new Rule(
                    "auto.offset.reset",
                    is("none"),
                    "a lost offset would silently skip jobs or run finished ones again"),
            new Rule("retries", value -> !value.equals("0"), "a broker's restart would end the run"),
            new Rule(
                    "max.in.flight.requests.per.connection",
                    value -> value.matches("[1-5]"),
                    "sends stay in order with at most 5"),
            new Rule("transactional.id", never(), OWN_NAMES),
            new Rule("group.id", never(), OWN_NAMES),
            new Rule("group.instance.id", never(), OWN_NAMES + "; give a worker its name by --instance"),
            new Rule("group.protocol", is("classic"), "the workers' hand-over is built on the classic protocol"),
            new Rule("partition.assignment.strategy", never(), "the workers' hand-over needs the cooperative assignor"),
            new Rule("key.serializer", never(), OWN_FORMAT),
            new Rule("value.serializer", never(), OWN_FORMAT),
            new Rule("key.deserializer", never(), OWN_FORMAT),
            new Rule("value.deserializer", never(), OWN_FORMAT));

    private SettingRules() {}

    private static Predicate<String> is(String... values) {
        return value -> List.of(values).contains(value.toLowerCase(Locale.ROOT));
    }

    private static Predicate<String> never() {
        return value -> false;
    }

    /**
     * Checks the settings of a file.
     *
     * @throws ClusterException naming file, key, value and remedy
     */
    static void check(Path file, Map<String, String> settings) {
        for (Rule rule : RULES) {
            String value = settings.get(rule.key());
            if (value != null && !rule.allowed().test(value.strip())) {
                throw new ClusterException(file + ": " + rule.key() + "=" + value + " cannot be used: " + rule.reason()
                        + ". Remove the line");
            }
        }
        Set<String> known = new HashSet<>(AdminClientConfig.configNames());
        known.addAll(ProducerConfig.configNames());
        known.addAll(ConsumerConfig.configNames());
        for (String key : settings.keySet()) {
            if (!known.contains(key) && !key.startsWith("config.providers") && !key.startsWith("metrics.")) {
                log.warn("{}: no Kafka client knows the setting '{}'; passed on as it is", file, key);
            }
        }
    }
}
