package io.millrace.producer.ledger;

import io.millrace.job.JobResult;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A count of a run's results as they stand in the topic, which drops nothing: how many there are, which jobs have none,
 * and which came twice. A job has one result for each of its replays.
 *
 * <p>Confined to one thread.
 */
public final class RunAudit {
    private final IndexSet answered = new IndexSet();
    private final SortedMap<Integer, IndexSet> seenByReplay = new TreeMap<>();
    private final SortedMap<String, Share> workers = new TreeMap<>();
    private long results;
    private long duplicates;

    /**
     * What one worker published.
     *
     * @param again of these, results of jobs that an earlier attempt did not finish
     */
    public record Share(long results, long again) {
        private static final Share NONE = new Share(0, 0);

        private Share plus(JobResult result) {
            return new Share(results + 1, again + (result.provenance().attempt() > 1 ? 1 : 0));
        }
    }

    /** Counts one committed record. */
    public void count(JobResult result) {
        long index = result.id().index();
        results++;
        answered.add(index);
        if (!seenByReplay
                .computeIfAbsent(result.replay(), replay -> new IndexSet())
                .add(index)) {
            duplicates++;
        }
        String worker = result.provenance().worker();
        workers.put(worker, workers.getOrDefault(worker, Share.NONE).plus(result));
    }

    public long results() {
        return results;
    }

    /** Results of a job and replay that had one already. */
    public long duplicates() {
        return duplicates;
    }

    /** How many of {@code jobs} jobs have no result. */
    public long lost(long jobs) {
        return answered.absentBelow(jobs, Integer.MAX_VALUE).stream()
                .mapToLong(IndexRange::size)
                .sum();
    }

    /** A view, by the workers' instance ids. */
    public SortedMap<String, Share> workers() {
        return Collections.unmodifiableSortedMap(workers);
    }
}
