package io.millrace.producer.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.job.JobId;
import io.millrace.kafka.BrokerCalls;
import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import io.millrace.wire.Headers;
import io.millrace.wire.JobCodec;
import io.millrace.wire.Topics;
import io.millrace.wire.WireException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the topic of dead jobs holds: of each job its last failure, and which replays of it were submitted.
 *
 * <p>Confined to its caller's thread.
 */
public final class DeadJobs {
    private static final Logger log = LoggerFactory.getLogger(DeadJobs.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Comparator<JobId> BY_JOB =
            Comparator.comparing(JobId::runId).thenComparingLong(JobId::index);

    private final Map<JobId, DeadJob> newest = new TreeMap<>(BY_JOB);
    private final Map<JobId, Integer> replayed = new HashMap<>();

    private DeadJobs() {}

    /**
     * Reads all that is committed by now, waiting for the transactions that are open.
     *
     * @param runs whose jobs to keep
     * @param originals whether to keep the jobs' records, too
     */
    public static DeadJobs read(
            KafkaClients clients, Topics topics, Predicate<String> runs, boolean originals, Duration patience) {
        DeadJobs dead = new DeadJobs();
        BrokerCalls calls = new BrokerCalls(clients.settings(), patience);
        String topic = topics.dead();
        Map<Integer, Long> ends;
        try (TopicEnds reader = new TopicEnds(clients, patience)) {
            ends = reader.log(topic);
        }
        Consumer<byte[], byte[]> consumer = clients.consumer("millrace-dead");
        try {
            List<TopicPartition> partitions = ends.keySet().stream()
                    .map(partition -> new TopicPartition(topic, partition))
                    .toList();
            Map<TopicPartition, Long> begin =
                    calls.call("read the beginning of topic " + topic, () -> consumer.beginningOffsets(partitions));
            consumer.assign(partitions);
            begin.forEach(consumer::seek);
            long start = System.nanoTime();
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p.partition()))) {
                calls.call("read dead jobs", () -> consumer.poll(POLL))
                        .forEach(record -> dead.take(record, runs, originals));
                calls.requirePatience(start, "read dead jobs");
            }
            return dead;
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Predicate<String> runs, boolean originals) {
        JobId id;
        try {
            id = JobId.parse(text(record, Headers.JOB_ID));
        } catch (IllegalArgumentException e) {
            log.warn(
                    "{}-{} at offset {} is no dead job of this build: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
            return;
        }
        if (!runs.test(id.runId())) {
            return;
        }
        if (record.value() == null) {
            replayed.merge(id, number(record, Headers.DEAD_REPLAYED, 0), Math::max);
            return;
        }
        String history = text(record, Headers.DEAD_HISTORY);
        DeadJob job = new DeadJob(
                id,
                customId(record),
                number(record, Headers.REPLAY, 0),
                text(record, Headers.DEAD_KIND),
                text(record, Headers.DEAD_REASON),
                history.isEmpty() ? List.of() : history.lines().toList(),
                number(record, Headers.DEAD_ATTEMPTS, 1),
                text(record, Headers.DEAD_WORKER),
                text(record, Headers.DEAD_BUILD),
                text(record, Headers.DEAD_TOPIC),
                record.timestamp(),
                originals ? record.value() : new byte[0]);
        newest.merge(id, job, (earlier, later) -> later.replay() >= earlier.replay() ? later : earlier);
    }

    private static String customId(ConsumerRecord<byte[], byte[]> record) {
        try {
            return JobCodec.decode(record.value()).customId();
        } catch (WireException | IllegalArgumentException e) {
            log.debug("the record of a dead job is no job: {}", e.getMessage());
            return "";
        }
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String header) {
        Header found = record.headers().lastHeader(header);
        return found == null || found.value() == null ? "" : new String(found.value(), UTF_8);
    }

    private static int number(ConsumerRecord<byte[], byte[]> record, String header, int absent) {
        String text = text(record, header);
        if (text.isEmpty()) {
            return absent;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new ClusterException(
                    record.topic() + "-" + record.partition() + " at offset " + record.offset() + " has the header "
                            + header + "='" + text + "', which is no number: a newer build wrote it",
                    e);
        }
    }

    /** The last failure of each job, by run and index. */
    public Collection<DeadJob> all() {
        return newest.values();
    }

    public Optional<DeadJob> newest(JobId id) {
        return Optional.ofNullable(newest.get(id));
    }

    /** The number of the job's last replay that was submitted; 0 when it was submitted only once. */
    public int lastReplay(JobId id) {
        return replayed.getOrDefault(id, 0);
    }

    /** Whether the job was submitted again after its last failure. */
    public boolean replayed(DeadJob job) {
        return lastReplay(job.id()) > job.replay();
    }
}
