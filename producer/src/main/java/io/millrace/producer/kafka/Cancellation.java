package io.millrace.producer.kafka;

import io.millrace.job.RunManifest;
import io.millrace.job.RunManifest.State;
import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import io.millrace.producer.ledger.RunLedger;
import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.List;

/**
 * Cancels a run: its manifest says so from then on, and every worker reads the manifests. A submitter that is at work is
 * fenced, so that no job comes after it.
 *
 * <p>Thread-safe.
 */
public final class Cancellation {
    private static final Duration POLL = Duration.ofMillis(200);

    private Cancellation() {}

    /** What a run that is to be cancelled is afterwards. */
    public enum Outcome {
        CANCELLED,
        /** By an earlier command. */
        ALREADY,
        /** Every job has its result: nothing was changed. */
        COMPLETE
    }

    /** @throws ClusterException if there is no such run, or the broker does not answer */
    public static Outcome cancel(KafkaClients clients, Topics topics, String runId, Duration patience) {
        RunManifest run;
        try (RunManifests manifests = new RunManifests(clients, topics, patience)) {
            manifests.refresh();
            run = manifests
                    .newest(runId)
                    .orElseThrow(() ->
                            new ClusterException("there is no run " + runId + " here: millrace status lists the runs"));
        }
        if (run.state() == State.SEALED && complete(clients, topics, run, patience)) {
            return Outcome.COMPLETE;
        }
        if (run.state() == State.CANCELLED) {
            return Outcome.ALREADY;
        }
        try (RunWriter writer = new RunWriter(clients, topics, runId, patience)) {
            RunManifest now = writer.manifest().orElse(run);
            RunManifest cancelled = now.with(State.CANCELLED, now.jobs());
            JobRecords records = new JobRecords(topics, run.models(), writer::partitions);
            writer.commit(List.of(), records.manifest(cancelled), cancelled);
            return Outcome.CANCELLED;
        }
    }

    private static boolean complete(KafkaClients clients, Topics topics, RunManifest run, Duration patience) {
        RunLedger ledger = new RunLedger();
        try (ResultReader reader = new ResultReader(clients, topics, run.runId(), run.resultOffsets(), patience)) {
            do {
                reader.poll(POLL).forEach(result -> ledger.accept(result.result()));
            } while (!reader.caughtUp());
        }
        return ledger.complete(run.jobs(), run.replays());
    }
}
