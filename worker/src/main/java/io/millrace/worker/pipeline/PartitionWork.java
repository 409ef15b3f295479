package io.millrace.worker.pipeline;

import io.millrace.worker.delivery.CommitMetadata;
import io.millrace.worker.delivery.OffsetRuns;
import io.millrace.worker.delivery.OffsetTracker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One assignment of a partition: what was taken of it, what is finished, what is committed.
 *
 * <p>Confined to the pipeline's thread.
 */
final class PartitionWork {
    final int number;
    final long epoch;
    final OffsetTracker tracker;

    /** Ordinary jobs that wait for the engine, in order of offset. */
    final Deque<TakenJob> queue = new ArrayDeque<>();

    /** Results that no committed publication holds, in order of their making. */
    final List<Pending> pending = new ArrayList<>();

    /** Offsets whose jobs may start, as committed; empty until the first commit of this assignment. */
    OffsetRuns permits = OffsetRuns.EMPTY;

    /** What the last committed publication said of this partition. */
    ResultSink.Commit committed;

    /** Whether that was the last, clean commit of a hand-over. */
    boolean committedClean;

    /** Its jobs in the engine. */
    int running;

    /** Its jobs taken and not in the engine: queued, suspect or waiting for another try. */
    int waiting;

    /** As the source was told last; it fetches nothing of a new assignment before it is told to. */
    boolean paused = true;

    /** No new jobs start: it goes to another worker. */
    boolean draining;

    PartitionWork(int number, long epoch, long committedOffset, CommitMetadata metadata) {
        this.number = number;
        this.epoch = epoch;
        this.tracker = new OffsetTracker(committedOffset, metadata);
        this.committed = new ResultSink.Commit(epoch, committedOffset, "");
    }

    /** What to commit now. */
    ResultSink.Commit draft(boolean dirty, String owner, OffsetRuns permitted) {
        long offset = tracker.commitOffset();
        return new ResultSink.Commit(
                epoch, offset, tracker.metadata(dirty, owner, permitted).encode(offset));
    }

    /** A result that waits for its publication; {@code dead} is empty for answered jobs. */
    record Pending(
            long offset, List<ResultSink.TracedResult> result, List<ResultSink.DeadJob> dead, JobTraces.Trace trace) {}
}
