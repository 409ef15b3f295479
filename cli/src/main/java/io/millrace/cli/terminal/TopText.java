package io.millrace.cli.terminal;

import io.millrace.cli.terminal.Line.Style;
import io.millrace.producer.view.ClusterPicture;
import io.millrace.producer.view.RecentJob;
import io.millrace.producer.view.RunView;
import io.millrace.producer.view.WorkerFigures;
import io.millrace.producer.view.WorkerView;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The lines of {@code millrace top}. What there is little room for goes from the bottom up: answers, failures, workers,
 * runs.
 *
 * <p>Immutable.
 *
 * @param zone for times of day
 */
public record TopText(ZoneId zone) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final int BAR_CELLS = 20;
    private static final long STALE_MILLIS = 5_000;
    private static final int MOST_RUNS = 12;
    private static final int MOST_WORKERS = 16;
    private static final int MOST_RECENT = 5;

    private static final String RUN = "%-18s %-9s %-22s %5s %19s %7s %8s %9s  %s";
    private static final String WORKER = "%-24s %-12s %-22s %9s %9s %8s %6s %6s  %s";
    private static final String JOB = "%-8s  %-24s %-24s %17s %9s  %s";

    /**
     * At most so many lines.
     *
     * @param nowMillis to say how old the picture is
     */
    public List<Line> of(ClusterPicture picture, long nowMillis, int height) {
        List<Line> lines = new ArrayList<>(head(picture, nowMillis));
        lines.add(new Line());
        lines.add(Line.of(
                Style.STRONG, format(RUN, "RUN", "STATE", "", "DONE", "JOBS", "FAILED", "JOBS/S", "LEFT", "MODEL")));
        picture.runs().stream().limit(MOST_RUNS).forEach(run -> lines.addAll(run(run)));
        more(lines, picture.runs().size() - MOST_RUNS);
        lines.add(new Line());
        lines.add(Line.of(
                Style.STRONG,
                format(WORKER, "WORKER", "STATE", "", "SLOTS", "TOKENS/S", "WAITING", "CACHE", "PARTS", "MODEL")));
        picture.workers().stream().limit(MOST_WORKERS).forEach(worker -> lines.add(worker(worker)));
        more(lines, picture.workers().size() - MOST_WORKERS);
        recent(lines, "FAILED", picture.failures());
        recent(lines, "ANSWERED", picture.results());
        return lines.subList(0, Math.min(height, lines.size()));
    }

    /** What is shown as long as there is no picture. */
    public static List<Line> waiting() {
        return List.of(Line.of(Style.STRONG, "millrace top").add(Style.QUIET, "  waiting for Kafka"));
    }

    private List<Line> head(ClusterPicture picture, long nowMillis) {
        List<Line> head = new ArrayList<>();
        head.add(Line.of(Style.STRONG, "millrace top")
                .add(Style.QUIET, "  " + picture.cluster() + "  " + time(picture.atEpochMillis() / 1000)));
        head.add(new Line()
                .add(Style.STRONG, format("%.0f", picture.tokens().now()))
                .add(Style.PLAIN, " tokens/s   ")
                .add(Style.STRONG, format("%.1f", picture.jobsPerSecond()))
                .add(Style.PLAIN, " jobs/s   ")
                .add(
                        Style.STRONG,
                        picture.workersUp() + " of " + picture.workers().size())
                .add(Style.PLAIN, " workers up   ")
                .add(Style.STRONG, picture.busySlots() + " of " + picture.slots())
                .add(Style.PLAIN, " slots busy"));
        picture.notes().forEach(note -> head.add(Line.of(Style.WARN, "! " + note)));
        long age = nowMillis - picture.atEpochMillis();
        if (age > STALE_MILLIS) {
            head.add(Line.of(Style.WARN, "! no news for " + age / 1000 + " s"));
        }
        return head;
    }

    private static List<Line> run(RunView run) {
        List<Line> lines = new ArrayList<>();
        Style style = run.state() == RunView.State.COMPLETE ? Style.GOOD : run.goesOn() ? Style.PLAIN : Style.WARN;
        lines.add(Line.of(
                style,
                format(
                        RUN,
                        run.runId(),
                        run.state(),
                        bar(run.share()),
                        format("%d %%", (int) Math.floor(100 * run.share())),
                        run.done() + "/" + run.jobs(),
                        run.totals().failed(),
                        run.done() == 0 ? "-" : format("%.1f", run.jobsPerSecond()),
                        run.goesOn() ? run.timeLeft() : "-",
                        run.models())));
        if (!run.failures().isEmpty()) {
            lines.add(Line.of(Style.BAD, "    failed: " + run.failures()));
        }
        return lines;
    }

    private static Line worker(WorkerView worker) {
        Style style = switch (worker.condition()) {
            case UP, NOT_ASKED -> Style.PLAIN;
            case ENGINE_DOWN -> Style.WARN;
            case SILENT -> Style.BAD;
        };
        boolean known = worker.figures().isPresent();
        WorkerFigures figures = worker.figures()
                .orElseGet(() -> new WorkerFigures(worker.name(), worker.model(), false, 0, 0, 0, 0, 0, 0, 0, 0));
        return Line.of(
                style,
                format(
                        WORKER,
                        worker.name(),
                        condition(worker),
                        known ? bar(figures.slots() == 0 ? 0 : (double) figures.busySlots() / figures.slots()) : "",
                        known ? figures.busySlots() + "/" + figures.slots() : "-",
                        known ? format("%.0f", worker.tokensPerSecond()) : "-",
                        known ? figures.waiting() : "-",
                        known ? format("%.0f %%", 100 * figures.kvUse()) : "-",
                        worker.partitions(),
                        worker.model()));
    }

    private static String condition(WorkerView worker) {
        return switch (worker.condition()) {
            case UP -> "up";
            case ENGINE_DOWN -> "engine down";
            case SILENT -> "silent";
            case NOT_ASKED -> "in group";
        };
    }

    private void recent(List<Line> lines, String head, List<RecentJob> jobs) {
        if (jobs.isEmpty()) {
            return;
        }
        boolean failed = jobs.get(0).failed();
        lines.add(new Line());
        lines.add(Line.of(
                Style.STRONG,
                format(JOB, "AT", head, failed ? "KIND" : "ENDING", failed ? "" : "TOKENS", "SECONDS", "WORKER")));
        for (RecentJob job : jobs.subList(0, Math.min(MOST_RECENT, jobs.size()))) {
            lines.add(Line.of(
                    job.failed() ? Style.BAD : Style.PLAIN,
                    format(
                            JOB,
                            time(job.createdEpochSeconds()),
                            job.jobId(),
                            job.ending(),
                            failed ? "" : job.promptTokens() + " + " + job.completionTokens(),
                            job.seconds().isPresent()
                                    ? format("%.2f", job.seconds().getAsDouble())
                                    : "-",
                            job.worker())));
            job.content().ifPresent(content -> lines.add(Line.of(Style.QUIET, "          " + content)));
        }
    }

    private static void more(List<Line> lines, int left) {
        if (left > 0) {
            lines.add(Line.of(Style.QUIET, "... and " + left + " more"));
        }
    }

    private static String bar(double share) {
        int full = (int) Math.floor(BAR_CELLS * share);
        return "[" + "#".repeat(full) + ".".repeat(BAR_CELLS - full) + "]";
    }

    private String time(long epochSecond) {
        return TIME.format(Instant.ofEpochSecond(epochSecond).atZone(zone));
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
