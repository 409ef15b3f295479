package io.millrace.cli;

import io.millrace.job.RunManifest;
import io.millrace.kafka.KafkaClients;
import io.millrace.producer.files.RunOutput;
import io.millrace.producer.kafka.ReceivedResult;
import io.millrace.producer.kafka.ResultReader;
import io.millrace.producer.ledger.RunLedger;
import io.millrace.wire.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Collects the results of one run into its folder, from where the folder says.
 *
 * <p>Confined to its caller's thread.
 */
final class Collection implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long CHECKPOINT_NANOS = Duration.ofSeconds(2).toNanos();

    private final RunOutput output;
    private final ResultReader reader;
    private long checkpointNanos = System.nanoTime();
    private boolean unsaved;

    Collection(KafkaClients clients, Topics topics, RunManifest run, RunOutput output) {
        this.output = output;
        Map<Integer, Long> from = output.offsets().isEmpty() ? run.resultOffsets() : output.offsets();
        this.reader = new ResultReader(clients, topics, run.runId(), from, PATIENCE);
    }

    /** Takes what has come; waits a little if nothing has. */
    void step() throws IOException {
        List<ReceivedResult> received = reader.poll(POLL);
        for (ReceivedResult result : received) {
            output.add(result.result());
        }
        unsaved |= !received.isEmpty();
        if (unsaved && System.nanoTime() - checkpointNanos >= CHECKPOINT_NANOS) {
            checkpoint();
        }
    }

    /** Makes what was taken durable. */
    void checkpoint() throws IOException {
        output.checkpoint(reader.positions());
        checkpointNanos = System.nanoTime();
        unsaved = false;
    }

    RunLedger ledger() {
        return output.ledger();
    }

    Map<Integer, Long> positions() {
        return reader.positions();
    }

    /** What failed so far, for the progress line; empty when nothing did. */
    String note() {
        long failed = output.ledger().totals().failed();
        return failed == 0 ? "" : failed + " failed";
    }

    @Override
    public void close() {
        reader.close();
    }
}
