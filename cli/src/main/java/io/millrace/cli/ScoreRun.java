package io.millrace.cli;

import io.millrace.producer.sweep.RunScorer;
import io.millrace.producer.sweep.ScoreTable;
import io.millrace.producer.sweep.Scoring;
import io.millrace.producer.sweep.SweepJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Scores a run and shows what came of it. Confined to the main thread. */
final class ScoreRun {
    private final Path folder;
    private final Map<String, RunScorer> scorers;

    ScoreRun(Path folder, Map<String, RunScorer> scorers) {
        this.folder = folder;
        this.scorers = scorers;
    }

    /** Does both; where nothing could be scored that is an error. */
    void run(PrintWriter err) throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        ScoreTable table = new Scoring(folder, scorers, threads, jobs -> {}).run();
        for (String scorer : scorers.keySet()) {
            long scored = table.scored(scorer);
            if (scored == 0) {
                throw new UserError("scorer " + scorer + " found nothing to compare with in any of " + table.samples()
                        + " samples: name the field with the right answer, as in " + scorer.replaceFirst(":.*", "")
                        + ":FIELD");
            }
            if (scored < table.samples()) {
                err.println(scorer + ": " + (table.samples() - scored) + " of " + table.samples()
                        + " samples have no score, since their tasks have nothing to compare with");
            }
        }
        shown(table.rows()).forEach(err::println);
        err.println("scores are in " + folder.resolve("scores.jsonl"));
        err.flush();
    }

    private List<String> shown(List<ScoreTable.Row> rows) throws IOException {
        Map<String, String> labels = new TreeMap<>();
        SweepJson.read(folder).labels().forEach(label -> labels.put(label.point(), label.label()));
        boolean several = rows.stream().anyMatch(row -> row.k() > 1);
        List<String> lines = new ArrayList<>();
        int width = labels.values().stream().mapToInt(String::length).max().orElse(3);
        lines.add(line(width, "scorer", "id", "point", "tasks", "score", "95 % interval", several ? "pass@k" : ""));
        for (ScoreTable.Row row : rows) {
            lines.add(line(
                    width,
                    row.scorer(),
                    row.point(),
                    labels.getOrDefault(row.point(), row.point()),
                    Integer.toString(row.tasks()),
                    decimal(row.mean().mean()),
                    decimal(row.mean().low()) + " to " + decimal(row.mean().high()),
                    row.k() > 1 ? decimal(row.passAtMost()) + " (k=" + row.k() + ")" : ""));
        }
        return lines;
    }

    private static String line(int width, String... cells) {
        String format = "%-12s %-5s %-" + Math.min(48, width) + "s %7s %8s  %-16s %s";
        return String.format(Locale.ROOT, format, (Object[]) cells).stripTrailing();
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
