package io.millrace.producer.report;

import io.millrace.producer.score.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report's tables as Markdown, to paste where people talk about a run. Thread-safe. */
public final class MarkdownReport {

    private MarkdownReport() {}

    public static String of(Evaluation evaluation, Figures figures) {
        StringBuilder text = new StringBuilder("# " + cell(evaluation.title()) + "\n\n");
        for (Source source : evaluation.sources()) {
            text.append("- ").append(cell(source.name())).append(": model ").append(cell(source.model()));
            for (String fact : List.of("run", "date", "finished", "seed", "jobs_per_second")) {
                if (source.facts().containsKey(fact)) {
                    text.append(", ")
                            .append(fact.replace('_', ' '))
                            .append(' ')
                            .append(cell(source.facts().get(fact)));
                }
            }
            text.append('\n');
        }
        evaluation.notes().forEach(note -> text.append("- ").append(cell(note)).append('\n'));
        text.append('\n')
                .append(format(
                        "%d tasks, %d points, %d samples.%n",
                        evaluation.tasks().size(), evaluation.points().size(), evaluation.samples()));
        points(text, evaluation, figures);
        for (String scorer : evaluation.scorers()) {
            comparisons(text, scorer, evaluation, figures);
        }
        return text.toString().replace(System.lineSeparator(), "\n");
    }

    private static void points(StringBuilder text, Evaluation evaluation, Figures figures) {
        List<String> heads = new ArrayList<>(List.of("point"));
        heads.addAll(evaluation.scorers());
        heads.addAll(List.of("samples", "failed", "cut", "median length", "tokens/s"));
        text.append("\n## Points\n\n");
        row(text, heads);
        row(
                text,
                heads.stream()
                        .map(head -> head.equals("point") ? "---" : "---:")
                        .toList());
        for (int i = 0; i < evaluation.points().size(); i++) {
            PointFigures point = figures.points().get(i);
            List<String> cells = new ArrayList<>(List.of(cell(evaluation.name(i))));
            for (String scorer : evaluation.scorers()) {
                ScoreFigures score = point.scores().get(scorer);
                cells.add(score == null ? "" : score(score));
            }
            cells.add(Long.toString(point.samples()));
            cells.add(Long.toString(point.failed()));
            cells.add(format("%.1f %%", 100 * point.truncated()));
            cells.add(point.tokens()
                    .map(lengths -> lengths.median() + " tokens")
                    .or(() -> point.characters().map(lengths -> lengths.median() + " characters"))
                    .orElse(""));
            cells.add(point.cost()
                    .map(cost -> format("%.1f", cost.tokensPerSecond()))
                    .orElse(""));
            row(text, cells);
        }
        if (!evaluation.scorers().isEmpty()) {
            text.append(
                    "\nScores are means over tasks with their 95 % interval (bootstrap over tasks); failed jobs have none.\n");
        }
    }

    private static String score(ScoreFigures score) {
        StringBuilder text = new StringBuilder(interval(score.mean()));
        for (Map.Entry<Integer, Interval> pass : score.passAtK().entrySet()) {
            if (pass.getKey() > 1) {
                text.append(
                        format(", pass@%d %.3f", pass.getKey(), pass.getValue().mean()));
            }
        }
        return text.toString();
    }

    private static void comparisons(StringBuilder text, String scorer, Evaluation evaluation, Figures figures) {
        List<Comparison> comparisons = figures.comparisons().stream()
                .filter(comparison -> comparison.scorer().equals(scorer))
                .toList();
        if (comparisons.isEmpty()) {
            return;
        }
        text.append("\n## Differences: ").append(cell(scorer)).append("\n\n");
        row(
                text,
                List.of(
                        "first",
                        "second",
                        "tasks",
                        "first minus second",
                        "p (bootstrap)",
                        "only first : only second",
                        "p (McNemar)"));
        row(text, List.of("---", "---", "---:", "---:", "---:", "---:", "---:"));
        for (Comparison comparison : comparisons) {
            row(
                    text,
                    List.of(
                            cell(evaluation.name(comparison.first())),
                            cell(evaluation.name(comparison.second())),
                            Integer.toString(comparison.tasks()),
                            interval(comparison.difference().interval()),
                            format("%.4f", comparison.difference().pValue()),
                            comparison
                                    .discordance()
                                    .map(counts -> counts.onlyFirst() + " : " + counts.onlySecond())
                                    .orElse(""),
                            comparison
                                    .discordance()
                                    .map(counts -> format("%.4f", counts.pValue()))
                                    .orElse("")));
        }
    }

    private static void row(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String interval(Interval interval) {
        return format("%.3f (%.3f to %.3f)", interval.mean(), interval.low(), interval.high());
    }

    /** A text that is not ours, in one cell. */
    private static String cell(String text) {
        return text.replaceAll("\\s+", " ").replaceAll("([\\\\`*_\\[\\]<>|#])", "\\\\$1");
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
