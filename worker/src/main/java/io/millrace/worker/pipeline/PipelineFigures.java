package io.millrace.worker.pipeline;

import io.millrace.job.FailureKind;
import java.util.Map;

/**
 * A pipeline's counters since it started and its gauges now.
 *
 * <p>Immutable.
 *
 * @param answered jobs with an answer
 * @param failed jobs that failed for good, by kind
 * @param retried attempts that are or will be run again after a refusal
 * @param engineDeaths how often the engine's process died
 * @param publications committed transactions
 * @param aborted publications that were not committed
 * @param partitions owned now
 * @param waiting jobs taken and not in the engine now
 * @param running jobs in the engine now
 * @param pending results made and not committed now
 */
public record PipelineFigures(
        long answered,
        Map<FailureKind, Long> failed,
        long retried,
        long engineDeaths,
        long publications,
        long aborted,
        int partitions,
        int waiting,
        int running,
        int pending) {

    public PipelineFigures {
        failed = Map.copyOf(failed);
    }

    /** A quiet pipeline. */
    public static PipelineFigures none() {
        return new PipelineFigures(0, Map.of(), 0, 0, 0, 0, 0, 0, 0, 0);
    }

    public long failedJobs() {
        return failed.values().stream().mapToLong(Long::longValue).sum();
    }
}
