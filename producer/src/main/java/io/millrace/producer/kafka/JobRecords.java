package io.millrace.producer.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.job.Job;
import io.millrace.job.JobModels;
import io.millrace.job.Message;
import io.millrace.job.RunManifest;
import io.millrace.job.Traceparent;
import io.millrace.kafka.ClusterException;
import io.millrace.wire.Headers;
import io.millrace.wire.JobCodec;
import io.millrace.wire.ManifestCodec;
import io.millrace.wire.Topics;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Jobs and manifests as records. A job's partition is its index (among those of its model) modulo their number and no
 * hash of its key: with a hash the fullest of 64 partitions gets half as many jobs again as the mean at 1,000 jobs, and
 * the worker that has it finishes last.
 *
 * <p>Immutable.
 */
public final class JobRecords {
    /** A record, its key and headers and what a compressor adds in the worst case must fit into a message. */
    public static final int MAX_JOB_BYTES = Topics.MAX_RECORD_BYTES - 128 * 1024;

    /** A character of a message is at most this many bytes of JSON (a control character as six). */
    private static final int BYTES_PER_CHAR = 6;

    private final Topics topics;
    private final JobModels models;
    /** Topic to the number of its partitions. */
    private final Map<String, Integer> partitions;

    /** @param partitions says how many a topic has */
    JobRecords(Topics topics, JobModels models, ToIntFunction<String> partitions) {
        this.topics = topics;
        this.models = models;
        this.partitions = models.distinct().stream()
                .map(topics::jobs)
                .distinct()
                .collect(Collectors.toUnmodifiableMap(topic -> topic, partitions::applyAsInt));
    }

    /**
     * Refuses a job that no record can hold; cheap for any other. To be called for all jobs before the first is
     * published.
     *
     * @throws ClusterException naming the job by its custom id
     */
    public static void requireFits(Job job) {
        long chars = job.metadata().length();
        for (Message message : job.messages()) {
            chars += message.content().length();
        }
        if (chars > (MAX_JOB_BYTES - 1024 * 1024) / BYTES_PER_CHAR) {
            requireFits(job, JobCodec.encode(job).length);
        }
    }

    private static void requireFits(Job job, int bytes) {
        if (bytes > MAX_JOB_BYTES) {
            throw new ClusterException(
                    "job '" + job.customId() + "' (index " + job.id().index() + ") is " + bytes
                            + " bytes as a record, and " + MAX_JOB_BYTES + " fit: shorten its prompt or metadata");
        }
    }

    /** @param trace which trace it belongs to */
    ProducerRecord<byte[], byte[]> job(Job job, Optional<Traceparent> trace) {
        byte[] value = JobCodec.encode(job);
        requireFits(job, value.length);
        byte[] id = job.id().toString().getBytes(UTF_8);
        RecordHeaders headers = new RecordHeaders();
        headers.add(Headers.RUN_ID, job.id().runId().getBytes(UTF_8));
        headers.add(Headers.JOB_ID, id);
        headers.add(Headers.REPLAY, Integer.toString(job.replay()).getBytes(UTF_8));
        headers.add(Headers.CONTENT_TYPE, Headers.JSON_V1.getBytes(UTF_8));
        trace.ifPresent(traceparent ->
                headers.add(Headers.TRACEPARENT, traceparent.text().getBytes(UTF_8)));
        long index = job.id().index();
        String topic = topics.jobs(models.of(index));
        int partition = (int) (models.turn(index) % partitions.get(topic));
        return new ProducerRecord<>(topic, partition, id, value, headers);
    }

    /** The topic of the run's jobs; where they have several, the first. */
    String topic() {
        return topics.jobs(models.of(0));
    }

    /** Says in the topic of dead jobs that this job is submitted again; to be committed with its {@link #job} record. */
    ProducerRecord<byte[], byte[]> replayed(Job job) {
        byte[] id = job.id().toString().getBytes(UTF_8);
        RecordHeaders headers = new RecordHeaders();
        headers.add(Headers.RUN_ID, job.id().runId().getBytes(UTF_8));
        headers.add(Headers.JOB_ID, id);
        headers.add(Headers.DEAD_REPLAYED, Integer.toString(job.replay()).getBytes(UTF_8));
        return new ProducerRecord<>(topics.dead(), null, id, null, headers);
    }

    ProducerRecord<byte[], byte[]> manifest(RunManifest manifest) {
        byte[] run = manifest.runId().getBytes(UTF_8);
        RecordHeaders headers = new RecordHeaders();
        headers.add(Headers.RUN_ID, run);
        headers.add(Headers.CONTENT_TYPE, Headers.JSON_V1.getBytes(UTF_8));
        return new ProducerRecord<>(topics.runs(), null, run, ManifestCodec.encode(manifest), headers);
    }
}
