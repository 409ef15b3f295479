package io.millrace.worker.kafka;

import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * What the poll loop is told once.
 *
 * <p>Immutable.
 *
 * @param instance the worker's static membership id
 * @param client settings of all clients: servers, security, and what the user's file says
 * @param drainTimeout the pipeline's, against which the poll interval is checked
 * @param sessionTimeout after which a silent worker's partitions go to others
 * @param maxBlock how long one producer call may take
 * @param maxPollInterval how long the group waits for a worker that drains
 * @param sharesBacklog whether workers with little to do take partitions over from others
 */
public record WorkerKafkaConfig(
        Topics topics,
        String model,
        String instance,
        Map<String, Object> client,
        Duration drainTimeout,
        Duration sessionTimeout,
        Duration maxBlock,
        Duration maxPollInterval,
        boolean sharesBacklog) {

    public static final Duration DEFAULT_SESSION_TIMEOUT = Duration.ofSeconds(15);
    public static final Duration DEFAULT_MAX_BLOCK = Duration.ofSeconds(10);

    /** Room for the commit after a drain and for slow machines. */
    private static final Duration MARGIN = Duration.ofSeconds(20);

    public WorkerKafkaConfig {
        Objects.requireNonNull(topics, "topics");
        Objects.requireNonNull(model, "model");
        client = Map.copyOf(client);
        if (!instance.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new IllegalArgumentException(
                    "instance id '" + instance + "' must be 1 to 100 letters, digits, '.', '_' and '-'");
        }
        Duration least = leastPollInterval(drainTimeout, maxBlock);
        if (maxPollInterval.compareTo(least) < 0) {
            throw new IllegalArgumentException("a drain time-out of " + drainTimeout.toSeconds()
                    + " s needs max.poll.interval.ms of at least " + least.toMillis() + ", not "
                    + maxPollInterval.toMillis()
                    + ": the group would expel a draining worker and hand it the same jobs again, for ever");
        }
    }

    /** Everything by default, with a poll interval that suits the drain time-out. */
    public static WorkerKafkaConfig of(
            Topics topics, String model, String instance, Map<String, Object> client, Duration drainTimeout) {
        return new WorkerKafkaConfig(
                topics,
                model,
                instance,
                client,
                drainTimeout,
                DEFAULT_SESSION_TIMEOUT,
                DEFAULT_MAX_BLOCK,
                leastPollInterval(drainTimeout, DEFAULT_MAX_BLOCK),
                false);
    }

    /** The same, or with partitions that move to workers with little to do. */
    public WorkerKafkaConfig withSharing(boolean shares) {
        return new WorkerKafkaConfig(
                topics, model, instance, client, drainTimeout, sessionTimeout, maxBlock, maxPollInterval, shares);
    }

    private static Duration leastPollInterval(Duration drainTimeout, Duration maxBlock) {
        return drainTimeout.plus(maxBlock.multipliedBy(2)).plus(MARGIN);
    }

    public String transactionalId() {
        return topics.workerTransactionalId(model, instance);
    }

    /** Without the client's settings, some of which are secret. */
    @Override
    public String toString() {
        return "WorkerKafkaConfig[model=" + model + ", instance=" + instance + "]";
    }
}
