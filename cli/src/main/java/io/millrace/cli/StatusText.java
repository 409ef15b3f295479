package io.millrace.cli;

import io.millrace.job.FailureKind;
import io.millrace.job.RunManifest;
import io.millrace.producer.ledger.RunLedger;
import io.millrace.producer.ledger.RunPace;
import io.millrace.producer.ledger.RunTotals;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.StringJoiner;

/** The lines of a run in {@code millrace status}. Thread-safe. */
final class StatusText {
    private static final String LINE = "%-16s  %-9s %9s %9s %7s %9s %8s %13s %13s  %-20s  %s";

    static final String HEADER = String.format(
            Locale.ROOT,
            LINE,
            "RUN",
            "STATE",
            "JOBS",
            "ANSWERED",
            "FAILED",
            "JOBS/S",
            "LEFT",
            "PROMPT TOKENS",
            "ANSWER TOKENS",
            "CREATED",
            "MODEL");

    private StatusText() {}

    /** The run's line, and where jobs failed, one that says why. */
    static List<String> of(RunManifest run, RunLedger ledger, RunPace pace) {
        RunTotals totals = ledger.totals();
        boolean complete = run.state() == RunManifest.State.SEALED && ledger.complete(run.jobs(), run.replays());
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                LINE,
                run.runId(),
                complete ? "COMPLETE" : run.state(),
                run.jobs(),
                totals.answered(),
                totals.failed(),
                totals.jobs() == 0 ? "-" : String.format(Locale.ROOT, "%.1f", pace.perSecond()),
                left(complete, run.jobs() - totals.jobs(), pace),
                totals.promptTokens(),
                totals.completionTokens(),
                Instant.ofEpochMilli(run.createdEpochMillis()).truncatedTo(ChronoUnit.SECONDS),
                run.models()));
        if (!totals.failures().isEmpty()) {
            StringJoiner kinds = new StringJoiner(", ", "    failed: ", "");
            for (Map.Entry<FailureKind, Long> kind : totals.failures().entrySet()) {
                kinds.add(kind.getKey() + " " + kind.getValue());
            }
            lines.add(kinds.toString());
        }
        return lines;
    }

    /** As h:mm:ss; a question mark while nothing comes. */
    private static String left(boolean complete, long missing, RunPace pace) {
        OptionalLong seconds = complete ? OptionalLong.of(0) : pace.secondsFor(missing);
        if (seconds.isEmpty()) {
            return "?";
        }
        long left = seconds.getAsLong();
        return left == 0 ? "-" : String.format(Locale.ROOT, "%d:%02d:%02d", left / 3600, left / 60 % 60, left % 60);
    }
}
