package io.millrace.cli;

import io.millrace.producer.files.RunSummary;
import io.millrace.producer.ledger.RunTotals;
import java.util.Locale;

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
                totals.failed() > 0 ? " (see errors.jsonl)" : "",
                totals.completionTokens(),
                summary.seconds(),
                summary.jobsPerSecond());
    }

    static int exitStatus(RunSummary summary) {
        return summary.totals().failed() == 0 ? ExitStatus.OK : ExitStatus.JOBS_FAILED;
    }
}
