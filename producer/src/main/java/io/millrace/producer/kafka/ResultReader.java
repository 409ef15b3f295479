package io.millrace.producer.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.job.JobResult;
import io.millrace.kafka.BrokerCalls;
import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import io.millrace.wire.Headers;
import io.millrace.wire.ResultCodec;
import io.millrace.wire.Topics;
import io.millrace.wire.WireException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * Reads the committed results of one run from given offsets on; it belongs to no group, and its place is the caller's to
 * keep. A broker that is away makes {@link #poll} come back empty.
 *
 * <p>Confined to one thread.
 */
public final class ResultReader implements AutoCloseable {
    private final BrokerCalls calls;
    private final String topic;
    private final String runId;
    private final byte[] runIdBytes;
    private final Consumer<byte[], byte[]> consumer;

    /**
     * @param from partition to the offset to read first: the manifest's for a new collection, else the checkpoint's.
     *     Partitions that the topic has beyond these are read from their beginning
     * @param patience how long the broker may take to answer at the start
     */
    public ResultReader(KafkaClients clients, Topics topics, String runId, Map<Integer, Long> from, Duration patience) {
        this.calls = new BrokerCalls(clients.settings(), patience);
        this.topic = topics.results();
        this.runId = runId;
        this.runIdBytes = runId.getBytes(UTF_8);
        this.consumer = clients.consumer("millrace-collect");
        try {
            seek(from);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void seek(Map<Integer, Long> from) {
        List<TopicPartition> partitions = calls.partitions(topic, consumer);
        for (int partition : from.keySet()) {
            if (!partitions.contains(new TopicPartition(topic, partition))) {
                throw new ClusterException("topic " + topic + " has no partition " + partition
                        + ", where results of run " + runId + " may be: the topic was made anew, or this is another"
                        + " cluster");
            }
        }
        Map<TopicPartition, Long> begin =
                calls.call("read the beginning of topic " + topic, () -> consumer.beginningOffsets(partitions));
        consumer.assign(partitions);
        for (TopicPartition partition : partitions) {
            consumer.seek(partition, from.getOrDefault(partition.partition(), begin.get(partition)));
        }
    }

    /**
     * The next results of the run; empty when there are none within the time.
     *
     * @throws ClusterException if the offsets are no longer there, or a result of the run cannot be read
     */
    public List<ReceivedResult> poll(Duration time) {
        List<ReceivedResult> results = new ArrayList<>();
        try {
            for (ConsumerRecord<byte[], byte[]> record : calls.call("read results", () -> consumer.poll(time))) {
                if (isOfRun(record)) {
                    results.add(new ReceivedResult(record.partition(), record.offset(), decode(record)));
                }
            }
        } catch (OffsetOutOfRangeException e) {
            throw new ClusterException(
                    "results of run " + runId + " may be missing: topic " + topic + " no longer has offset "
                            + e.offsetOutOfRangePartitions()
                            + ". Its retention (retention.ms, retention.bytes) has deleted them, or it was made anew",
                    e);
        }
        return results;
    }

    private boolean isOfRun(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(Headers.RUN_ID);
        return header != null && Arrays.equals(header.value(), runIdBytes);
    }

    private JobResult decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            JobResult result = ResultCodec.decode(record.value());
            if (!result.id().runId().equals(runId)) {
                throw new WireException("the header says run " + runId + ", the body job " + result.id());
            }
            return result;
        } catch (WireException | IllegalArgumentException e) {
            throw new ClusterException(
                    topic + "-" + record.partition() + " at offset " + record.offset() + " holds a result of run "
                            + runId + " that this build cannot read: " + e.getMessage()
                            + ". Collect with the build of the workers",
                    e);
        }
    }

    /** Partition to the offset after everything that {@link #poll} has returned or passed over: a checkpoint. */
    public Map<Integer, Long> positions() {
        Map<Integer, Long> positions = new TreeMap<>();
        for (TopicPartition partition : consumer.assignment()) {
            positions.put(partition.partition(), consumer.position(partition));
        }
        return positions;
    }

    /** Whether every result that is committed at the time of the call has been returned; asks the broker. */
    public boolean caughtUp() {
        return calls
                .call("read the end of topic " + topic, () -> consumer.endOffsets(consumer.assignment()))
                .entrySet()
                .stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
