package io.millrace.worker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.job.RunManifest;
import io.millrace.wire.ManifestCodec;
import io.millrace.wire.WireException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread {@code runs-follower}: reads the manifests of all runs from the beginning on, and says which runs were
 * cancelled. What it says late does no harm: a job that runs on is answered.
 *
 * <p>Its public methods are thread-safe; all else is confined to its thread.
 */
public final class RunFollower implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RunFollower.class);
    private static final Duration POLL = Duration.ofMillis(500);

    private final WorkerKafkaConfig config;
    private final Executor pipelineThread;
    private final Consumer<String> cancelledRuns;
    private final Consumer<String> onFailure;
    private final Thread thread = new Thread(this::run, "runs-follower");
    private volatile boolean closing;

    /**
     * A follower that is not started.
     *
     * @param pipelineThread runs what the two consumers are told
     * @param cancelledRuns told the ids of cancelled runs, perhaps more than once
     * @param onFailure told why no more can be read
     */
    public RunFollower(
            WorkerKafkaConfig config,
            Executor pipelineThread,
            Consumer<String> cancelledRuns,
            Consumer<String> onFailure) {
        this.config = config;
        this.pipelineThread = pipelineThread;
        this.cancelledRuns = cancelledRuns;
        this.onFailure = onFailure;
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Ends within a poll; does not wait for it. */
    @Override
    public void close() {
        closing = true;
    }

    private void run() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(ClientSettings.follower(config))) {
            while (!closing && !assign(consumer)) {
                log.info("topic {} is not there yet", config.topics().runs());
            }
            while (!closing) {
                consumer.poll(POLL).forEach(this::take);
            }
        } catch (KafkaException e) {
            if (!closing) {
                log.error("the runs can no longer be followed", e);
                pipelineThread.execute(
                        () -> onFailure.accept("topic " + config.topics().runs()
                                + " cannot be read, so that cancelled runs would not be noticed: " + e.getMessage()));
            }
        }
    }

    /** One try; false when the broker did not answer. */
    private boolean assign(KafkaConsumer<byte[], byte[]> consumer) {
        try {
            List<TopicPartition> partitions = consumer
                    .partitionsFor(config.topics().runs())
                    .stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return !partitions.isEmpty();
        } catch (RetriableException e) {
            log.warn("the runs cannot be read yet: {}", e.getMessage());
            return false;
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return;
        }
        try {
            RunManifest run = ManifestCodec.decode(record.value());
            if (run.state() == RunManifest.State.CANCELLED) {
                pipelineThread.execute(() -> cancelledRuns.accept(run.runId()));
            }
        } catch (WireException | IllegalArgumentException e) {
            log.warn(
                    "{} at offset {} (run {}) holds no manifest that this build can read: {}",
                    record.topic(),
                    record.offset(),
                    record.key() == null ? "" : new String(record.key(), UTF_8),
                    e.getMessage());
        }
    }
}
