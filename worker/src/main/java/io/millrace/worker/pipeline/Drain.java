package io.millrace.worker.pipeline;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The handing over of partitions: their running jobs may finish until the time-out, then a last clean commit is made.
 *
 * <p>Confined to the pipeline's thread.
 */
final class Drain {
    /** How long the last commit may take after the time-out before the partitions are let go without it. */
    static final long COMMIT_GRACE_NANOS = 5_000_000_000L;

    private final long timeoutNanos;
    private final Set<PartitionWork> partitions = new LinkedHashSet<>();
    private final Set<Integer> numbers = new HashSet<>();
    private boolean active;
    private boolean cut;
    private long deadlineNanos;

    Drain(long timeoutNanos) {
        this.timeoutNanos = timeoutNanos;
    }

    /** Begins, or adds to what is being handed over; the first deadline stays. */
    void begin(Iterable<PartitionWork> leaving, Set<Integer> leavingNumbers, long nowNanos) {
        if (!active) {
            active = true;
            cut = false;
            deadlineNanos = nowNanos + timeoutNanos;
        }
        leaving.forEach(partitions::add);
        numbers.addAll(leavingNumbers);
    }

    /** These are gone without a hand-over. */
    void forget(Set<Integer> lost) {
        partitions.removeIf(p -> lost.contains(p.number));
    }

    Set<PartitionWork> partitions() {
        return partitions;
    }

    /** Whether nothing of what is handed over runs any more, so that its last commit can be made. */
    boolean quiet() {
        return active && partitions.stream().allMatch(p -> p.running == 0);
    }

    /** True once, when the time-out is over: what still runs must be cancelled. */
    boolean cutOff(long nowNanos) {
        if (!active || cut || nowNanos - deadlineNanos < 0) {
            return false;
        }
        cut = true;
        return true;
    }

    /** Whether the partitions can be let go: committed clean, or too late for that. */
    boolean settled(long nowNanos, boolean publisherIdle) {
        if (!active) {
            return false;
        }
        if (publisherIdle && quiet() && partitions.stream().allMatch(Drain::handedOver)) {
            return true;
        }
        return nowNanos - deadlineNanos - COMMIT_GRACE_NANOS >= 0;
    }

    private static boolean handedOver(PartitionWork partition) {
        return partition.pending.isEmpty() && partition.committedClean;
    }

    /** Ends it; returns the numbers of all partitions that were asked for. */
    Set<Integer> end() {
        Set<Integer> all = Set.copyOf(numbers);
        partitions.clear();
        numbers.clear();
        active = false;
        return all;
    }
}
