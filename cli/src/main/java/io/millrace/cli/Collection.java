package io.millrace.cli;

import io.millrace.job.RunManifest;
import io.millrace.job.RunManifest.State;
import io.millrace.kafka.KafkaClients;
import io.millrace.producer.files.RunOutput;
import io.millrace.producer.kafka.ReceivedResult;
import io.millrace.producer.kafka.ResultReader;
import io.millrace.producer.kafka.RunManifests;
import io.millrace.producer.ledger.RunLedger;
import io.millrace.wire.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Collects the results of one run into its folder, from where the folder says, and follows what others do with the run.
 *
 * <p>Confined to its caller's thread.
 */
final class Collection implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long CHECKPOINT_NANOS = Duration.ofSeconds(2).toNanos();

    private final RunOutput output;
    private final RunManifests manifests;
    private final ResultReader reader;
    private RunManifest run;
    private long checkpointNanos = System.nanoTime();
    private boolean unsaved;

    /**
     * @param run the run as it is, or as its submitter will open it
     * @param manifests the caller's to close
     */
    Collection(KafkaClients clients, Topics topics, RunManifest run, RunManifests manifests, RunOutput output) {
        this.output = output;
        this.manifests = manifests;
        this.run = run;
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
        manifests.follow();
        manifests.newest(run.runId()).ifPresent(newest -> run = newest);
    }

    /** Makes what was taken durable. */
    void checkpoint() throws IOException {
        output.checkpoint(reader.positions());
        checkpointNanos = System.nanoTime();
        unsaved = false;
    }

    /** The run as it was last heard of. */
    RunManifest run() {
        return run;
    }

    /** Whether the run was cancelled; asks the broker if that was not heard of yet. */
    boolean cancelled() {
        if (run.state() == State.CANCELLED) {
            return true;
        }
        manifests.refresh();
        manifests.newest(run.runId()).ifPresent(newest -> run = newest);
        return run.state() == State.CANCELLED;
    }

    /** Whether no more jobs come and every one has its result, replays too. */
    boolean complete() {
        return run.state() != State.OPEN && output.ledger().complete(run.jobs(), run.replays());
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
        String failures = failed == 0 ? "" : failed + " failed";
        long replaying = run.replays() - output.ledger().replays();
        if (replaying <= 0) {
            return failures;
        }
        return (failures.isEmpty() ? "" : failures + ", ") + replaying + " replayed without a result yet";
    }

    @Override
    public void close() {
        reader.close();
    }
}
