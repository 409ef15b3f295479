package io.millrace.worker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.job.FailureKind;
import io.millrace.job.JobResult;
import io.millrace.job.Traceparent;
import io.millrace.wire.Headers;
import io.millrace.wire.ResultCodec;
import io.millrace.wire.Topics;
import io.millrace.worker.pipeline.ResultSink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactional producer of a worker. Begin, send, offsets and commit come in one burst, so that a kill rarely
 * leaves a transaction open. One way back for every exception: abort if that works; else a new producer with the same
 * transactional id, whose start ends the old transaction one way or the other.
 *
 * <p>Confined to the kafka-poll thread.
 */
final class TransactionalPublisher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TransactionalPublisher.class);
    private static final int COMMIT_TRIES = 3;
    private static final int FENCES_A_MINUTE = 5;
    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    private final WorkerKafkaConfig config;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final String jobsTopic;
    private final Deque<Long> fencedAtNanos = new ArrayDeque<>();

    private Producer<byte[], byte[]> producer;
    private boolean ready;
    private boolean spent;
    private int resultPartitions;
    private int nextResultPartition;

    TransactionalPublisher(WorkerKafkaConfig config, Supplier<Producer<byte[], byte[]>> producers) {
        this.config = config;
        this.producers = producers;
        this.jobsTopic = config.topics().jobs(config.model());
        this.producer = producers.get();
    }

    /** How a publication ended. */
    enum Ending {
        COMMITTED,
        ABORTED,
        /** Not known: call {@link #recover} until it succeeds, then read what is committed. */
        UNKNOWN
    }

    /** The ending and, if it is not committed, why. */
    record Attempt(Ending ending, String reason) {}

    /** Publishes all of it in one transaction, or nothing. */
    Attempt publish(ResultSink.Publication publication, ConsumerGroupMetadata group) {
        if (group.generationId() < 0 || group.memberId().isEmpty()) {
            // A broker accepts such a commit without any fencing.
            return new Attempt(Ending.ABORTED, "not in the group yet");
        }
        boolean committing = false;
        try {
            producer.beginTransaction();
            sendAll(publication);
            producer.sendOffsetsToTransaction(offsets(publication), group);
            committing = true;
            commit();
            return new Attempt(Ending.COMMITTED, "");
        } catch (AuthorizationException | AuthenticationException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            // Once the broker was asked to commit, only what is committed tells whether it did.
            ready = !committing && abort(e);
            spent = !ready;
            String reason = e.getClass().getSimpleName() + ": " + e.getMessage();
            return new Attempt(ready ? Ending.ABORTED : Ending.UNKNOWN, reason);
        }
    }

    private void sendAll(ResultSink.Publication publication) {
        // All results of a transaction go to one partition: each one touched costs a marker.
        int partition = nextResultPartition++ % resultPartitions;
        for (ResultSink.TracedResult traced : publication.traced()) {
            producer.send(record(config.topics().results(), partition, traced, value(traced.result())));
        }
        for (ResultSink.DeadJob dead : publication.dead()) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    config.topics().dead(), dead.result().id().toString().getBytes(UTF_8), dead.value());
            describe(record.headers(), dead);
            producer.send(record);
        }
    }

    private void describe(org.apache.kafka.common.header.Headers headers, ResultSink.DeadJob dead) {
        JobResult.Failed result = dead.result();
        header(headers, Headers.RUN_ID, result.id().runId());
        header(headers, Headers.JOB_ID, result.id().toString());
        header(headers, Headers.CONTENT_TYPE, Headers.JSON_V1);
        header(headers, Headers.REPLAY, Integer.toString(result.replay()));
        header(headers, Headers.DEAD_TOPIC, jobsTopic);
        header(headers, Headers.DEAD_KIND, result.kind().name());
        header(headers, Headers.DEAD_REASON, result.message());
        header(
                headers,
                Headers.DEAD_ATTEMPTS,
                Integer.toString(result.provenance().attempt()));
        header(headers, Headers.DEAD_HISTORY, String.join("\n", dead.history()));
        header(headers, Headers.DEAD_WORKER, result.provenance().worker());
        header(headers, Headers.DEAD_BUILD, result.provenance().engine());
        trace(headers, dead.trace());
    }

    private static void trace(org.apache.kafka.common.header.Headers headers, Optional<Traceparent> trace) {
        trace.ifPresent(traceparent -> header(headers, Headers.TRACEPARENT, traceparent.text()));
    }

    private static void header(org.apache.kafka.common.header.Headers headers, String name, String value) {
        headers.add(name, value.getBytes(UTF_8));
    }

    private static ProducerRecord<byte[], byte[]> record(
            String topic, int partition, ResultSink.TracedResult traced, byte[] value) {
        JobResult result = traced.result();
        byte[] id = result.id().toString().getBytes(UTF_8);
        RecordHeaders headers = new RecordHeaders();
        header(headers, Headers.RUN_ID, result.id().runId());
        header(headers, Headers.JOB_ID, result.id().toString());
        header(headers, Headers.CONTENT_TYPE, Headers.JSON_V1);
        header(headers, Headers.REPLAY, Integer.toString(result.replay()));
        trace(headers, traced.trace());
        return new ProducerRecord<>(topic, partition, id, value, headers);
    }

    private static byte[] value(JobResult result) {
        byte[] value = ResultCodec.encode(result);
        if (value.length < Topics.MAX_RECORD_BYTES - 1024) {
            return value;
        }
        return ResultCodec.encode(new JobResult.Failed(
                result.id(),
                result.customId(),
                FailureKind.ENGINE_ERROR,
                "the answer of " + value.length + " bytes is larger than a record may be (" + Topics.MAX_RECORD_BYTES
                        + " bytes): lower n or max_tokens",
                result.provenance(),
                result.createdEpochSeconds(),
                ""));
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(ResultSink.Publication publication) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        publication
                .commits()
                .forEach((partition, commit) -> offsets.put(
                        new TopicPartition(jobsTopic, partition),
                        new OffsetAndMetadata(commit.offset(), commit.metadata())));
        return offsets;
    }

    private void commit() {
        for (int attempt = 1; ; attempt++) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException e) {
                if (attempt == COMMIT_TRIES) {
                    throw e;
                }
                log.warn("commit of a transaction timed out, trying again ({} of {})", attempt, COMMIT_TRIES);
            }
        }
    }

    /** Whether the transaction is aborted for certain. */
    private boolean abort(RuntimeException cause) {
        if (cause instanceof ProducerFencedException) {
            return false;
        }
        try {
            producer.abortTransaction();
            return true;
        } catch (KafkaException | IllegalStateException e) {
            log.info("abort failed after {}: {}", cause.getClass().getSimpleName(), e.getMessage());
            return false;
        }
    }

    boolean ready() {
        return ready;
    }

    /** One try at a working producer whose old transactions are over; false when the broker did not answer. */
    boolean recover(long nowNanos) {
        try {
            if (spent) {
                countFence(nowNanos);
                producer.close(Duration.ZERO);
                producer = producers.get();
                spent = false;
            }
            producer.initTransactions();
            List<?> partitions = producer.partitionsFor(config.topics().results());
            resultPartitions = partitions.size();
            ready = true;
            return true;
        } catch (AuthorizationException | AuthenticationException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            spent = !(e instanceof TimeoutException);
            log.warn("no transactions yet: {}: {}", e.getClass().getSimpleName(), e.getMessage());
            return false;
        }
    }

    private void countFence(long nowNanos) {
        fencedAtNanos.addLast(nowNanos);
        while (nowNanos - fencedAtNanos.getFirst() > MINUTE_NANOS) {
            fencedAtNanos.removeFirst();
        }
        if (fencedAtNanos.size() > FENCES_A_MINUTE) {
            log.warn(
                    "the producer was replaced {} times within a minute: if the broker is well, another worker runs with"
                            + " the instance id '{}'; give each its own by --instance",
                    fencedAtNanos.size(),
                    config.instance());
        }
    }

    @Override
    public void close() {
        producer.close(config.maxBlock());
    }
}
