package io.millrace.worker.pipeline;

import io.millrace.worker.delivery.OffsetRuns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when to publish and what: every result made so far and, for each partition about which there is news, its
 * offset, done-set and permits. One publication is under way at a time.
 *
 * <p>Confined to the pipeline's thread.
 */
final class Publisher {
    private static final Logger log = LoggerFactory.getLogger(Publisher.class);

    private final PipelineConfig config;
    private final Admission admission;
    private final ResultSink sink;

    /** What the publication under way says, by partition; empty when none is. */
    private final Map<PartitionWork, Draft> underWay = new HashMap<>();

    private boolean publishing;
    private boolean started;
    private long lastNanos;
    private long publications;
    private long aborted;

    Publisher(PipelineConfig config, Admission admission, ResultSink sink) {
        this.config = config;
        this.admission = admission;
        this.sink = sink;
    }

    /** What is published of a partition: how many of its pending results, its commit, and the permits until then. */
    private record Draft(
            int results, ResultSink.Commit commit, OffsetRuns permits, OffsetRuns formerPermits, boolean clean) {}

    /** No publication is under way. */
    boolean idle() {
        return !publishing;
    }

    /** Publishes when there is news and it is time. */
    void publishIfDue(long nowNanos, boolean urgent, Drain drain) {
        if (publishing) {
            return;
        }
        long interval = urgent || drain.quiet()
                ? config.minCommitInterval().toNanos()
                : config.commitInterval().toNanos();
        if (started && nowNanos - lastNanos < interval) {
            return;
        }
        started = true;
        lastNanos = nowNanos;
        List<ResultSink.TracedResult> results = new ArrayList<>();
        List<ResultSink.DeadJob> dead = new ArrayList<>();
        Map<Integer, ResultSink.Commit> commits = new HashMap<>();
        for (PartitionWork partition : admission.partitions()) {
            Draft draft = draft(partition, nowNanos);
            if (draft.results() == 0 && draft.commit().equals(partition.committed)) {
                continue;
            }
            for (PartitionWork.Pending pending : partition.pending) {
                results.addAll(pending.result());
                dead.addAll(pending.dead());
            }
            commits.put(partition.number, draft.commit());
            // Until it is known which of the two is committed, only what both permit may start.
            partition.permits = partition.permits.and(draft.permits());
            underWay.put(partition, draft);
        }
        if (!commits.isEmpty()) {
            publishing = true;
            sink.publish(new ResultSink.Publication(results, dead, commits));
        }
    }

    private Draft draft(PartitionWork partition, long nowNanos) {
        boolean clean = partition.draining && partition.running == 0;
        OffsetRuns permits = clean ? OffsetRuns.EMPTY : OffsetRuns.of(admission.permits(partition, nowNanos));
        ResultSink.Commit commit = partition.draft(!clean, config.owner(), permits);
        return new Draft(partition.pending.size(), commit, permits, partition.permits, clean);
    }

    /** Takes the answer to the publication under way. */
    void answered(ResultSink.Outcome outcome) {
        publishing = false;
        if (outcome instanceof ResultSink.Outcome.Committed) {
            publications++;
            underWay.forEach(Publisher::committed);
        } else if (outcome instanceof ResultSink.Outcome.Aborted abort) {
            aborted++;
            // What was committed before still is. Its text may be what is to be said next, and so never be said again.
            underWay.forEach((partition, draft) -> partition.permits = draft.formerPermits());
            log.info("a publication was not committed, its results are kept: {}", abort.reason());
        } else if (outcome instanceof ResultSink.Outcome.Resolved resolved) {
            aborted++;
            for (PartitionWork partition : admission.partitions()) {
                ResultSink.CommittedState state = resolved.committed().get(partition.number);
                if (state != null) {
                    reconcile(partition, state);
                }
            }
        }
        underWay.clear();
    }

    private static void committed(PartitionWork partition, Draft draft) {
        List<PartitionWork.Pending> out = partition.pending.subList(0, draft.results());
        out.forEach(pending -> pending.trace().committed());
        out.clear();
        partition.committed = draft.commit();
        partition.committedClean = draft.clean();
        partition.permits = draft.permits();
    }

    /** Believes what is committed: results of offsets that are done there are out already. */
    private void reconcile(PartitionWork partition, ResultSink.CommittedState state) {
        int before = partition.pending.size();
        partition.pending.stream()
                .filter(pending -> state.done(pending.offset()))
                .forEach(pending -> pending.trace().committed());
        partition.pending.removeIf(pending -> state.done(pending.offset()));
        boolean ours = state.metadata().owner().equals(config.owner());
        partition.permits = ours && state.metadata().dirty() ? state.metadata().permits() : OffsetRuns.EMPTY;
        // An unequal text makes the next publication say everything about the partition again.
        partition.committed = new ResultSink.Commit(partition.epoch, state.offset(), "");
        partition.committedClean = false;
        log.info(
                "partition={} offset={} resolved: {} of {} pending results were committed",
                partition.number,
                state.offset(),
                before - partition.pending.size(),
                before);
    }

    /** The partition is gone, and with it what is under way about it. */
    void forget(PartitionWork partition) {
        underWay.remove(partition);
        partition.pending.forEach(pending -> pending.trace().dropped());
    }

    long publications() {
        return publications;
    }

    long aborted() {
        return aborted;
    }
}
