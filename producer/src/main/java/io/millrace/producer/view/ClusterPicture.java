package io.millrace.producer.view;

import java.util.List;
import java.util.Objects;

/**
 * All of a cluster that a person watches, at a moment.
 *
 * <p>Immutable.
 *
 * @param number counts the pictures of a watch, from 1
 * @param atEpochMillis when it was made
 * @param cluster the brokers' addresses
 * @param runs the newest first
 * @param results the newest first
 * @param failures the newest first
 * @param notes what does not work, or is not read yet
 */
public record ClusterPicture(
        long number,
        long atEpochMillis,
        String cluster,
        List<RunView> runs,
        List<WorkerView> workers,
        TokenHistory tokens,
        List<RecentJob> results,
        List<RecentJob> failures,
        List<String> notes) {

    public ClusterPicture {
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(tokens, "tokens");
        runs = List.copyOf(runs);
        workers = List.copyOf(workers);
        results = List.copyOf(results);
        failures = List.copyOf(failures);
        notes = List.copyOf(notes);
    }

    /** What the books say now. */
    public static ClusterPicture of(
            long number, long atEpochMillis, String cluster, RunBook runs, WorkerBook workers, List<String> notes) {
        long second = atEpochMillis / 1000;
        return new ClusterPicture(
                number,
                atEpochMillis,
                cluster,
                runs.views(second),
                workers.views(),
                TokenHistory.of(second, runs, workers),
                runs.results(),
                runs.failures(),
                notes);
    }

    /** Slots of all workers that say. */
    public long slots() {
        return workers.stream()
                .flatMap(worker -> worker.figures().stream())
                .mapToLong(WorkerFigures::slots)
                .sum();
    }

    /** Slots that hold a sequence. */
    public long busySlots() {
        return workers.stream()
                .flatMap(worker -> worker.figures().stream())
                .mapToLong(WorkerFigures::busySlots)
                .sum();
    }

    public long workersUp() {
        return workers.stream().filter(WorkerView::up).count();
    }

    /** Jobs a second of the runs that go on. */
    public double jobsPerSecond() {
        return runs.stream()
                .filter(RunView::goesOn)
                .mapToDouble(RunView::jobsPerSecond)
                .sum();
    }
}
