package io.millrace.producer.view;

import io.millrace.job.FailureKind;
import io.millrace.job.JobModels;
import io.millrace.job.RunManifest;
import io.millrace.producer.ledger.RunLedger;
import io.millrace.producer.ledger.RunPace;
import io.millrace.producer.ledger.RunTotals;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * How far a run is at a moment.
 *
 * <p>Immutable.
 *
 * @param jobs submitted so far
 * @param totals of the results seen
 * @param jobsPerSecond over the last minute, or over its whole time where nothing came since
 * @param secondsLeft at that pace; empty while nothing comes
 */
public record RunView(
        String runId,
        State state,
        JobModels models,
        long jobs,
        RunTotals totals,
        double jobsPerSecond,
        OptionalLong secondsLeft,
        long createdEpochMillis) {

    /** A run's state in the words of its manifest, and whether all of it is there. */
    public enum State {
        OPEN,
        SEALED,
        CANCELLED,
        COMPLETE
    }

    /** @param nowSeconds since 1970 */
    public static RunView of(RunManifest run, RunLedger ledger, RunPace pace, long nowSeconds) {
        RunTotals totals = ledger.totals();
        boolean complete = run.state() == RunManifest.State.SEALED && ledger.complete(run.jobs(), run.replays());
        return new RunView(
                run.runId(),
                complete ? State.COMPLETE : State.valueOf(run.state().name()),
                run.models(),
                run.jobs(),
                totals,
                totals.jobs() == 0 ? 0 : pace.perSecond(nowSeconds),
                complete ? OptionalLong.of(0) : pace.secondsFor(run.jobs() - totals.jobs(), nowSeconds),
                run.createdEpochMillis());
    }

    /** Jobs with a result. */
    public long done() {
        return totals.jobs();
    }

    /** From 0 to 1; of a run without jobs 0. */
    public double share() {
        return jobs == 0 ? 0 : Math.min(1, (double) done() / jobs);
    }

    /** Whether results may still come. */
    public boolean goesOn() {
        return state == State.OPEN || state == State.SEALED;
    }

    /** As h:mm:ss; a question mark while nothing comes, a dash when nothing is missing. */
    public String timeLeft() {
        if (secondsLeft.isEmpty()) {
            return "?";
        }
        long left = secondsLeft.getAsLong();
        return left == 0 ? "-" : String.format(Locale.ROOT, "%d:%02d:%02d", left / 3600, left / 60 % 60, left % 60);
    }

    /** Failed jobs by kind, as in {@code TIMED_OUT 3, DEADLINE 1}; empty where there are none. */
    public String failures() {
        StringBuilder kinds = new StringBuilder();
        totals.failures()
                .forEach((FailureKind kind, Long failed) -> kinds.append(kinds.isEmpty() ? "" : ", ")
                        .append(kind)
                        .append(' ')
                        .append(failed));
        return kinds.toString();
    }
}
