package io.millrace.producer.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.job.Job;
import io.millrace.job.RunManifest;
import io.millrace.kafka.BrokerCalls;
import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import io.millrace.wire.Headers;
import io.millrace.wire.JobCodec;
import io.millrace.wire.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * Reads the jobs of a run again from their topics, which must still hold them: for whoever has the run's id and not its
 * input. Reads whole topics, since where in it a run begins is written nowhere.
 *
 * <p>Confined to its caller's thread.
 */
public final class JobReader {
    private static final Duration POLL = Duration.ofMillis(200);

    /** Takes jobs. */
    public interface Sink {
        void accept(Job job) throws IOException;
    }

    private JobReader() {}

    /**
     * Hands on every job of the run once, in no order.
     *
     * @throws ClusterException when some are no longer there
     */
    public static void read(KafkaClients clients, Topics topics, RunManifest run, Duration patience, Sink jobs)
            throws IOException {
        BrokerCalls calls = new BrokerCalls(clients.settings(), patience);
        List<String> jobTopics =
                run.models().distinct().stream().map(topics::jobs).toList();
        String named = String.join(", ", jobTopics);
        byte[] runId = run.runId().getBytes(UTF_8);
        Consumer<byte[], byte[]> consumer = clients.consumer("millrace-prompts");
        try {
            List<TopicPartition> partitions = jobTopics.stream()
                    .flatMap(topic -> partitions(calls, consumer, topic))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> begin =
                    calls.call("read the beginning of " + named, () -> consumer.beginningOffsets(partitions));
            begin.forEach(consumer::seek);
            Map<TopicPartition, Long> end =
                    calls.call("read the end of " + named, () -> consumer.endOffsets(partitions));
            BitSet seen = new BitSet();
            long found = 0;
            while (found < run.jobs() && !atEnd(consumer, end)) {
                for (ConsumerRecord<byte[], byte[]> record : calls.call("read jobs", () -> consumer.poll(POLL))) {
                    Header header = record.headers().lastHeader(Headers.RUN_ID);
                    if (header != null && Arrays.equals(header.value(), runId)) {
                        Job job = JobCodec.decode(record.value());
                        int index = Math.toIntExact(job.id().index());
                        if (!seen.get(index)) {
                            seen.set(index);
                            found++;
                            jobs.accept(job);
                        }
                    }
                }
            }
            if (found < run.jobs()) {
                throw new ClusterException(named + " hold " + found + " of the " + run.jobs()
                        + " jobs of run " + run.runId() + ": its retention has deleted the others. Collect without"
                        + " --prompts");
            }
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
        }
    }

    private static Stream<TopicPartition> partitions(
            BrokerCalls calls, Consumer<byte[], byte[]> consumer, String topic) {
        return calls.partitions(topic, consumer).stream();
    }

    private static boolean atEnd(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> end) {
        return end.entrySet().stream().allMatch(last -> consumer.position(last.getKey()) >= last.getValue());
    }
}
