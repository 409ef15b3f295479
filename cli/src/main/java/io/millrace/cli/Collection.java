package io.millrace.cli;

import io.millrace.job.RunManifest;
import io.millrace.job.RunManifest.State;
import io.millrace.kafka.KafkaClients;
import io.millrace.producer.files.RunOutput;
import io.millrace.producer.kafka.LossCheck;
import io.millrace.producer.kafka.ReceivedResult;
import io.millrace.producer.kafka.ResultReader;
import io.millrace.producer.kafka.RunManifests;
import io.millrace.producer.ledger.IndexRange;
import io.millrace.producer.ledger.RunLedger;
import io.millrace.wire.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Collects the results of one run into its folder, from where the folder says, and follows what others do with the run.
 *
 * <p>Confined to its caller's thread.
 */
final class Collection implements AutoCloseable {
    private static final int MOST_RANGES = 20;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long CHECKPOINT_NANOS = Duration.ofSeconds(2).toNanos();

    private final RunOutput output;
    private final RunManifests manifests;
    private final ResultReader reader;
    private RunManifest run;
    private final KafkaClients clients;
    private final Topics topics;
    private final long quietNanos;
    private Optional<LossCheck> lossCheck = Optional.empty();
    private boolean lost;
    private long newsNanos = System.nanoTime();
    private long checkpointNanos = System.nanoTime();
    private boolean unsaved;

    /**
     * @param run the run as it is, or as its submitter will open it
     * @param manifests the caller's to close
     * @param quiet without a result for so long it is looked whether jobs got lost
     */
    Collection(
            KafkaClients clients,
            Topics topics,
            RunManifest run,
            RunManifests manifests,
            RunOutput output,
            Duration quiet) {
        this.clients = clients;
        this.topics = topics;
        this.quietNanos = quiet.toNanos();
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
        if (!received.isEmpty()) {
            unsaved = true;
            newsNanos = System.nanoTime();
        }
        if (unsaved && System.nanoTime() - checkpointNanos >= CHECKPOINT_NANOS) {
            checkpoint();
        }
        manifests.follow();
        manifests.newest(run.runId()).ifPresent(this::heard);
        lookForLoss();
    }

    private void heard(RunManifest newest) {
        if (!newest.equals(run)) {
            run = newest;
            noLoss();
        }
    }

    private void lookForLoss() {
        if (run.state() == State.OPEN || complete() || System.nanoTime() - newsNanos < quietNanos) {
            return;
        }
        if (lossCheck.isEmpty()) {
            lossCheck = Optional.of(new LossCheck(clients, topics, run, PATIENCE));
        }
        lost = lossCheck.get().look(reader.positions());
        newsNanos = System.nanoTime();
    }

    /** What was missing is on its way again. */
    void noLoss() {
        lost = false;
        lossCheck = Optional.empty();
        newsNanos = System.nanoTime();
    }

    /** Whether jobs got lost: nobody works on them any more, and they have no result. */
    boolean lost() {
        return lost;
    }

    /** What is lost and what to do. */
    String loss() {
        long jobs = run.jobs() - output.ledger().totals().jobs();
        long replays = run.replays() - output.ledger().replays();
        String indices = output.ledger().missing(run.jobs(), MOST_RANGES).stream()
                .map(IndexRange::toString)
                .collect(Collectors.joining(", "));
        return "run " + run.runId() + " has lost " + jobs + " jobs" + (jobs > 0 ? " (index " + indices + ")" : "")
                + (replays > 0 ? " and " + replays + " replays" : "")
                + ": the workers are through with the jobs topic, and there is no result of them. Somebody moved the"
                + " group's offsets, or retention has deleted records. millrace run --repair with the run's input and"
                + " options submits exactly these again";
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
        manifests.newest(run.runId()).ifPresent(this::heard);
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
