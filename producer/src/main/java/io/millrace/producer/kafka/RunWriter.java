package io.millrace.producer.kafka;

import io.millrace.job.RunManifest;
import io.millrace.kafka.BrokerCalls;
import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes to one run: records and the manifest that accounts for them are one transaction, committed exactly once. Who
 * opens it fences any other writer of the run and then reads what that one committed.
 *
 * <p>Confined to one thread.
 */
final class RunWriter implements AutoCloseable {
    private static final int TRIES = 10;
    private static final long RETRY_MILLIS = 200;

    private final String runId;
    private final RunManifests manifests;
    private final SubmitTransactions transactions;
    private Optional<RunManifest> committed;

    /**
     * Takes the run over from any other writer. The topics must exist.
     *
     * @throws ClusterException if the broker does not answer within the patience
     */
    RunWriter(KafkaClients clients, Topics topics, String runId, Duration patience) {
        this.runId = runId;
        BrokerCalls calls = new BrokerCalls(clients.settings(), patience);
        transactions = new SubmitTransactions(clients, calls, runId, topics.submitTransactionalId(runId));
        RunManifests reader = null;
        try {
            reader = new RunManifests(clients, topics, patience);
            manifests = reader;
            committed = read();
        } catch (RuntimeException e) {
            transactions.close();
            if (reader != null) {
                reader.close();
            }
            throw e;
        }
    }

    private Optional<RunManifest> read() {
        manifests.refresh();
        return manifests.newest(runId);
    }

    /** The run as it is committed; empty when there is none. */
    Optional<RunManifest> manifest() {
        return committed;
    }

    int partitions(String topic) {
        return transactions.partitions(topic);
    }

    /**
     * Commits the records and the manifest together.
     *
     * @param manifest the next one as a record
     * @throws ClusterException if another writer took over or it did not succeed in ten tries
     */
    void commit(
            List<ProducerRecord<byte[], byte[]>> records, ProducerRecord<byte[], byte[]> manifest, RunManifest next) {
        List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>(records);
        all.add(manifest);
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            switch (transactions.publish(all)) {
                case COMMITTED -> {
                    committed = Optional.of(next);
                    return;
                }
                case ABORTED -> pause(RETRY_MILLIS * attempt);
                case UNKNOWN -> {
                    pause(RETRY_MILLIS * attempt);
                    transactions.restart();
                    Optional<RunManifest> found = read();
                    if (found.equals(Optional.of(next))) {
                        committed = found;
                        return;
                    }
                    if (!found.equals(committed)) {
                        throw new ClusterException("another command took over run " + runId
                                + ": give the same command again when it is done");
                    }
                }
            }
        }
        throw new ClusterException("a transaction of run " + runId + " (" + records.size()
                + " records) could not be committed in " + TRIES
                + " tries; the log says why. The same command goes on from there");
    }

    /** Waits; the thread's interruption ends what it does. */
    void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while writing to run " + runId);
        }
    }

    @Override
    public void close() {
        transactions.close();
        manifests.close();
    }
}
