package io.millrace.worker.pipeline;

import io.millrace.job.FailureKind;
import io.millrace.job.Job;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which jobs may not go on, and why: those of a cancelled run, and those whose deadline is over.
 *
 * <p>Confined to the pipeline's thread.
 */
final class Withdrawals {
    private final Set<String> cancelledRuns = new HashSet<>();

    /** Why a job may not go on. */
    record Reason(FailureKind kind, String message) {}

    /** Whether that was not known yet. */
    boolean cancel(String runId) {
        return cancelledRuns.add(runId);
    }

    /** Empty for a job that may go on. */
    Optional<Reason> of(Job job, long epochMillis) {
        if (cancelledRuns.contains(job.id().runId())) {
            return Optional.of(new Reason(FailureKind.CANCELLED, "the run was cancelled before the job was finished"));
        }
        if (job.deadlineEpochMillis().isPresent()
                && epochMillis >= job.deadlineEpochMillis().getAsLong()) {
            return Optional.of(new Reason(
                    FailureKind.DEADLINE,
                    "not finished by its deadline, "
                            + Instant.ofEpochMilli(job.deadlineEpochMillis().getAsLong())));
        }
        return Optional.empty();
    }
}
