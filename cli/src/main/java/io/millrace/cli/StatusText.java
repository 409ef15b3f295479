package io.millrace.cli;

import io.millrace.producer.view.RunView;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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
    static List<String> of(RunView run) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                LINE,
                run.runId(),
                run.state(),
                run.jobs(),
                run.totals().answered(),
                run.totals().failed(),
                run.done() == 0 ? "-" : String.format(Locale.ROOT, "%.1f", run.jobsPerSecond()),
                run.timeLeft(),
                run.totals().promptTokens(),
                run.totals().completionTokens(),
                Instant.ofEpochMilli(run.createdEpochMillis()).truncatedTo(ChronoUnit.SECONDS),
                run.models()));
        if (!run.failures().isEmpty()) {
            lines.add("    failed: " + run.failures());
        }
        return lines;
    }
}
