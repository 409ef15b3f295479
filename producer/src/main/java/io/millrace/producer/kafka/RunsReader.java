package io.millrace.producer.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.job.JobResult;
import io.millrace.kafka.BrokerCalls;
import io.millrace.kafka.KafkaClients;
import io.millrace.wire.Headers;
import io.millrace.wire.ResultCodec;
import io.millrace.wire.Topics;
import io.millrace.wire.WireException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * Reads the committed results of many runs in one pass and goes on with those that come, for somebody who watches and
 * promises nothing: what retention has deleted, or this build cannot read, is counted and passed over.
 *
 * <p>Confined to one thread.
 */
public final class RunsReader implements AutoCloseable {
    private final BrokerCalls calls;
    private final String topic;
    private final Consumer<byte[], byte[]> consumer;
    /** Partition to the first offset that was wanted, whether it is still there or not. */
    private final Map<Integer, Long> wantedFrom = new HashMap<>();

    private Map<TopicPartition, Long> ends = Map.of();
    private long unreadable;
    private boolean deleted;

    /**
     * @param from partition to the offset to read first; partitions that the topic has beyond these are read from their
     *     beginning. Empty: from the end
     * @param patience how long the brokers may take for an answer
     */
    public RunsReader(KafkaClients clients, Topics topics, Map<Integer, Long> from, Duration patience) {
        this.calls = new BrokerCalls(clients.settings(), patience);
        this.topic = topics.results();
        this.consumer = clients.consumer("millrace-watch");
        try {
            seek(from);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void seek(Map<Integer, Long> from) {
        List<TopicPartition> partitions = calls.partitions(topic, consumer);
        Map<TopicPartition, Long> begin =
                calls.call("read the beginning of topic " + topic, () -> consumer.beginningOffsets(partitions));
        Map<TopicPartition, Long> end =
                calls.call("read the end of topic " + topic, () -> consumer.endOffsets(partitions));
        consumer.assign(partitions);
        for (TopicPartition partition : partitions) {
            long first = begin.get(partition);
            long wanted = from.isEmpty() ? end.get(partition) : from.getOrDefault(partition.partition(), first);
            wantedFrom.put(partition.partition(), wanted);
            deleted |= wanted < first;
            consumer.seek(partition, Math.max(first, wanted));
        }
    }

    /** Whether it began at or before these offsets, so that nothing from them on is passed over. */
    public boolean covers(Map<Integer, Long> offsets) {
        return offsets.entrySet().stream()
                .allMatch(offset -> wantedFrom.getOrDefault(offset.getKey(), 0L) <= offset.getValue());
    }

    /** The next results of runs that are wanted; empty when there are none within the time. */
    public List<JobResult> poll(Duration time, Predicate<String> wanted) {
        List<JobResult> results = new ArrayList<>();
        try {
            for (ConsumerRecord<byte[], byte[]> record : calls.call("read results", () -> consumer.poll(time))) {
                Header run = record.headers().lastHeader(Headers.RUN_ID);
                if (run != null && wanted.test(new String(run.value(), UTF_8))) {
                    decode(record, results);
                }
            }
        } catch (OffsetOutOfRangeException e) {
            deleted = true;
            consumer.seekToBeginning(e.offsetOutOfRangePartitions().keySet());
        }
        return results;
    }

    private void decode(ConsumerRecord<byte[], byte[]> record, List<JobResult> results) {
        try {
            results.add(ResultCodec.decode(record.value()));
        } catch (WireException | IllegalArgumentException e) {
            unreadable++;
        }
    }

    /** Asks the brokers where the topic ends now; {@link #behind} is up to there. */
    public void mark() {
        ends = calls.call("read the end of topic " + topic, () -> consumer.endOffsets(consumer.assignment()));
    }

    /** How many offsets lie between what was read and the last mark. */
    public long behind() {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - consumer.position(end.getKey())))
                .sum();
    }

    /** Why less may be counted than there was, in sentences. */
    public List<String> losses() {
        List<String> losses = new ArrayList<>();
        if (deleted) {
            losses.add("results may be missing: the retention of topic " + topic + " has deleted some of these runs");
        }
        if (unreadable > 0) {
            losses.add(unreadable + " results in topic " + topic + " cannot be read by this build: use the newer one");
        }
        return losses;
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
