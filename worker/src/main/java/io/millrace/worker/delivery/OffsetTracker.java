package io.millrace.worker.delivery;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which offsets of one partition are finished, in whatever order that happens. Holes in the offsets (transaction
 * markers, aborted or deleted records) count as finished once something beyond them was seen.
 *
 * <p>Confined to its caller's thread.
 */
public final class OffsetTracker {
    private final CommitMetadata restored;
    private final TreeSet<Long> unfinished = new TreeSet<>();
    private final SortedMap<Long, Integer> losses = new TreeMap<>();

    /** One past the highest offset seen. */
    private long next;

    /** Goes on from what was committed of the partition. */
    public OffsetTracker(long committedOffset, CommitMetadata restored) {
        this.restored = restored;
        this.next = committedOffset;
        for (int run = 0; run < restored.permits().runs(); run++) {
            for (long o = restored.permits().runStart(run);
                    o < restored.permits().runEnd(run);
                    o++) {
                remember(o, restored.lossesAtTakeOver(o));
            }
        }
        restored.losses().keySet().forEach(o -> remember(o, restored.lossesAtTakeOver(o)));
    }

    private void remember(long offset, int count) {
        if (count > 0 && !restored.done().contains(offset)) {
            losses.put(offset, count);
        }
    }

    /**
     * Registers the record at this offset, which lies beyond all earlier ones.
     *
     * @return whether its job is still to do; false when its result is committed already
     */
    public boolean take(long offset) {
        if (offset < next) {
            throw new IllegalStateException("offset regression: " + offset + " after " + (next - 1));
        }
        next = offset + 1;
        return !restored.done().contains(offset) && unfinished.add(offset);
    }

    /** Says that the consumer's position is here: whatever lies below and was not taken is no job. */
    public void passed(long position) {
        next = Math.max(next, position);
    }

    /** The job at this offset has its result. */
    public void finish(long offset) {
        if (!unfinished.remove(offset)) {
            throw new IllegalStateException("offset " + offset + " was finished twice or never taken");
        }
        losses.remove(offset);
    }

    /** How often the job at this offset was lost with an engine or a worker. */
    public int losses(long offset) {
        return losses.getOrDefault(offset, 0);
    }

    /** The job at this offset was lost once more. */
    public void lose(long offset) {
        losses.merge(offset, 1, Integer::sum);
    }

    /** The offset to commit: the first one that is not finished. */
    public long commitOffset() {
        if (!unfinished.isEmpty()) {
            return unfinished.first();
        }
        // Beyond what was seen lie offsets that an earlier owner finished.
        for (int run = 0; run < restored.done().runs(); run++) {
            if (restored.done().runStart(run) <= next && next < restored.done().runEnd(run)) {
                return restored.done().runEnd(run);
            }
        }
        return next;
    }

    /** The metadata to commit with {@link #commitOffset}. */
    public CommitMetadata metadata(boolean dirty, String owner, OffsetRuns permits) {
        long base = commitOffset();
        OffsetRuns.Builder done = new OffsetRuns.Builder();
        long from = base;
        for (long open : unfinished) {
            done.add(Math.max(from, base), open);
            from = open + 1;
        }
        done.add(Math.max(from, base), next);
        long seen = Math.max(next, base);
        for (int run = 0; run < restored.done().runs(); run++) {
            done.add(
                    Math.max(restored.done().runStart(run), seen),
                    restored.done().runEnd(run));
        }
        return new CommitMetadata(dirty, owner, new TreeMap<>(losses.tailMap(base)), permits, done.build());
    }

    /** How many jobs were taken and have no result. */
    public int unfinishedCount() {
        return unfinished.size();
    }
}
