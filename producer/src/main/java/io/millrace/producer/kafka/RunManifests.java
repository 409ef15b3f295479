package io.millrace.producer.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.job.RunManifest;
import io.millrace.kafka.BrokerCalls;
import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import io.millrace.wire.ManifestCodec;
import io.millrace.wire.Topics;
import io.millrace.wire.WireException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest committed manifest of each run.
 *
 * <p>A refresh reads up to the end of the log, and not up to its last stable offset: while any submitter has a
 * transaction open, committed manifests of other runs may lie beyond the latter, and who missed one would submit jobs a
 * second time. So a refresh waits until the transactions that are open when it starts are over.
 *
 * <p>Confined to one thread.
 */
public final class RunManifests implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RunManifests.class);
    private static final String CLIENT_ID = "millrace-runs";
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long REPORT_NANOS = Duration.ofSeconds(5).toNanos();

    private final BrokerCalls calls;
    private final String topic;
    private final Admin admin;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<String, RunManifest> newest = new HashMap<>();
    private final Map<String, String> unreadable = new HashMap<>();
    private boolean assigned;

    /** @param patience how long a refresh may wait for brokers and open transactions */
    public RunManifests(KafkaClients clients, Topics topics, Duration patience) {
        this.calls = new BrokerCalls(clients.settings(), patience);
        this.topic = topics.runs();
        this.admin = clients.admin(CLIENT_ID);
        try {
            this.consumer = clients.consumer(CLIENT_ID);
        } catch (RuntimeException e) {
            admin.close(Duration.ZERO);
            throw e;
        }
    }

    /** Reads everything that is committed by now. */
    public void refresh() {
        assign();
        Map<TopicPartition, Long> ends = calls.call("read the end of topic " + topic, this::logEnds);
        long start = System.nanoTime();
        long reported = start;
        while (behind(ends)) {
            calls.call("read topic " + topic, () -> consumer.poll(POLL)).forEach(this::take);
            long now = System.nanoTime();
            if (now - start > calls.patience().toNanos()) {
                throw new ClusterException("topic " + topic + " could not be read to its end within "
                        + calls.patience().toSeconds() + " s: the broker is away, or the transaction of a submitter"
                        + " that has died stays open. Try again in a minute");
            }
            if (now - reported > REPORT_NANOS) {
                reported = now;
                log.info("waiting for the open transaction of another submitter, or for the broker");
            }
        }
    }

    /** Reads what has come since; waits for nothing, so that the newest may be missed until the next call. */
    public void follow() {
        assign();
        calls.call("read topic " + topic, () -> consumer.poll(Duration.ZERO)).forEach(this::take);
    }

    /**
     * Reads what is committed by now without waiting for open transactions: what was committed while one is open may be
     * missed until it is over.
     */
    public void catchUp() {
        assign();
        Map<TopicPartition, Long> ends =
                calls.call("read the end of topic " + topic, () -> consumer.endOffsets(consumer.assignment()));
        long start = System.nanoTime();
        while (behind(ends)) {
            calls.call("read topic " + topic, () -> consumer.poll(POLL)).forEach(this::take);
            calls.requirePatience(start, "read topic " + topic);
        }
    }

    private void assign() {
        if (assigned) {
            return;
        }
        List<TopicPartition> partitions = calls.partitions(topic, consumer);
        if (partitions.isEmpty()) {
            throw new ClusterException("topic " + topic + " does not exist: nothing was submitted here yet");
        }
        Map<TopicPartition, Long> begin =
                calls.call("read the beginning of topic " + topic, () -> consumer.beginningOffsets(partitions));
        consumer.assign(partitions);
        begin.forEach(consumer::seek);
        assigned = true;
    }

    private Map<TopicPartition, Long> logEnds() throws Exception {
        return admin
                .listOffsets(
                        consumer.assignment().stream()
                                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())),
                        new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                .all()
                .get()
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    private boolean behind(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        String run = record.key() == null ? "" : new String(record.key(), UTF_8);
        String place = topic + "-" + record.partition() + " at offset " + record.offset();
        if (record.value() == null) {
            newest.remove(run);
            unreadable.remove(run);
            return;
        }
        try {
            newest.put(run, ManifestCodec.decode(record.value()));
            unreadable.remove(run);
        } catch (WireException | IllegalArgumentException e) {
            log.warn("{} holds no manifest that this build can read: {}", place, e.getMessage());
            newest.remove(run);
            unreadable.put(run, place + ": " + e.getMessage());
        }
    }

    /**
     * As of the last refresh.
     *
     * @throws ClusterException if the run's newest manifest cannot be read by this build
     */
    public Optional<RunManifest> newest(String run) {
        if (unreadable.containsKey(run)) {
            throw new ClusterException(
                    "the manifest of run " + run + " cannot be read, " + unreadable.get(run) + ": use the newer build");
        }
        return Optional.ofNullable(newest.get(run));
    }

    /** All runs as of the last refresh, the newest first. */
    public Collection<RunManifest> all() {
        return newest.values().stream()
                .sorted(Comparator.comparingLong(RunManifest::createdEpochMillis)
                        .reversed())
                .toList();
    }

    @Override
    public void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
        admin.close(Duration.ofSeconds(1));
    }
}
