package io.millrace.cli;

import io.millrace.job.RunManifest;
import io.millrace.producer.files.RunSummary;
import io.millrace.producer.ledger.RunTotals;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * A complete run in one line.
 *
 * <p>Thread-safe.
 */
final class Totals {

    private Totals() {}

    static String shown(RunSummary summary) {
        RunTotals totals = summary.totals();
        return String.format(
                Locale.ROOT,
                "%d answered, %d failed%s, %d completion tokens, %.1f s, %.1f jobs a second",
                totals.answered(),
                totals.failed(),
                totals.failed() > 0 ? " (" + byKind(totals) + "; see errors.jsonl)" : "",
                totals.completionTokens(),
                summary.seconds(),
                summary.jobsPerSecond());
    }

    private static String byKind(RunTotals totals) {
        StringJoiner kinds = new StringJoiner(", ");
        totals.failures().forEach((kind, jobs) -> kinds.add(kind + " " + jobs));
        return kinds.toString();
    }

    /** Says what became of a run that has just been completed; returns the exit status. */
    static int tell(PrintWriter err, RunManifest run, Path output, RunSummary summary) {
        boolean cancelled = run.state() == RunManifest.State.CANCELLED;
        err.println("run " + run.runId() + (cancelled ? " was cancelled; what there is of it is" : " is complete")
                + " in " + output + ": " + shown(summary));
        return cancelled ? ExitStatus.JOBS_FAILED : exitStatus(summary);
    }

    static int exitStatus(RunSummary summary) {
        return summary.totals().failed() == 0 ? ExitStatus.OK : ExitStatus.JOBS_FAILED;
    }
}
