package io.millrace.producer.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The README.md of a dataset, with the header that the Hugging Face hub reads. Thread-safe. */
final class DatasetCard {

    private DatasetCard() {}

    static String text(RunCard run, ExportOptions options, ExportFormat format, ExportReport report) {
        License license = License.of(run.model(), options.license());
        return header(run, options, format, report, license) + body(run, options, report, license);
    }

    private static String header(
            RunCard run, ExportOptions options, ExportFormat format, ExportReport report, License license) {
        StringBuilder yaml = new StringBuilder("---\n");
        // In quotes, since no is Norwegian and false.
        list(
                yaml,
                "language",
                options.languages().stream().map(DatasetCard::quoted).toList());
        yaml.append("license: ").append(license.id()).append('\n');
        yaml.append("pretty_name: ").append(quoted("Outputs of " + run.model())).append('\n');
        list(yaml, "annotations_creators", List.of("machine-generated"));
        list(yaml, "language_creators", List.of("machine-generated"));
        list(yaml, "task_categories", List.of("text-generation"));
        list(yaml, "size_categories", List.of(sizeCategory(report.rows())));
        list(yaml, "tags", List.of("synthetic", "millrace"));
        yaml.append("configs:\n- config_name: default\n  data_files:\n");
        for (ExportReport.Split split : report.splits()) {
            yaml.append("  - split: ").append(split.name()).append("\n    path: data/");
            yaml.append(split.name()).append("-*\n");
        }
        if (options.target() != Target.TEXT) {
            info(yaml, format, report);
        }
        return yaml.append("---\n\n").toString();
    }

    /** The columns, and the figures that the hub's loader checks; it counts lines where rows are plain texts. */
    private static void info(StringBuilder yaml, ExportFormat format, ExportReport report) {
        yaml.append("dataset_info:\n");
        if (!format.columns().isEmpty()) {
            yaml.append("  features:\n");
            for (ExportFormat.Column column : format.columns()) {
                yaml.append("  - name: ").append(column.name()).append("\n    ");
                yaml.append(column.feature()).append('\n');
            }
        }
        yaml.append("  splits:\n");
        long bytes = 0;
        for (ExportReport.Split split : report.splits()) {
            yaml.append("  - name: ").append(split.name());
            yaml.append("\n    num_bytes: ").append(split.bytes());
            yaml.append("\n    num_examples: ").append(split.rows()).append('\n');
            bytes += split.bytes();
        }
        yaml.append("  download_size: ")
                .append(bytes)
                .append("\n  dataset_size: ")
                .append(bytes)
                .append('\n');
    }

    private static void list(StringBuilder yaml, String key, List<String> values) {
        if (!values.isEmpty()) {
            yaml.append(key).append(":\n");
            values.forEach(value -> yaml.append("- ").append(value).append('\n'));
        }
    }

    /** A YAML text in double quotes, whose escapes are JSON's. */
    private static String quoted(String text) {
        return Rows.NODES.textNode(text).toString();
    }

    private static String sizeCategory(long rows) {
        String[] names = {"n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M", "100M<n<1B"};
        int category = 0;
        for (long bound = 1000; rows >= bound && category < names.length - 1; bound *= 10) {
            category++;
        }
        return names[category];
    }

    private static String body(RunCard run, ExportOptions options, ExportReport report, License license) {
        StringBuilder text = new StringBuilder("# Outputs of " + run.model() + "\n\n");
        text.append("Made by Millrace from run `").append(run.runId()).append("`, format `");
        text.append(options.target()).append("`. Every answer was written by a model and checked by nobody.\n\n");
        text.append("## Counts\n\n| | |\n|---|---|\n");
        line(text, "answered jobs", report.jobs());
        line(text, "samples", report.samples());
        for (Map.Entry<String, Long> filter : report.removed().entrySet()) {
            line(text, "removed by " + filter.getKey(), filter.getValue());
        }
        for (ExportReport.Split split : report.splits()) {
            line(text, "rows in " + split.name(), split.rows());
        }
        Lengths lengths = report.answerCharacters();
        text.append(String.format(
                Locale.ROOT,
                "| characters of an answer, least, mean, most | %d, %.1f, %d |\n",
                lengths.least(),
                lengths.mean(),
                lengths.most()));
        text.append("\n## Model and sampling\n\n| | |\n|---|---|\n");
        for (JsonNode origin : run.summary().path("origins")) {
            for (Map.Entry<String, JsonNode> field : origin.properties()) {
                line(text, field.getKey(), field.getValue().asText());
            }
        }
        for (Map.Entry<String, JsonNode> option : run.summary().path("options").properties()) {
            line(text, option.getKey(), option.getValue().asText());
        }
        line(text, "seed", run.summary().path("seed").asText());
        line(text, "sha256 of the input", run.summary().path("input_sha256").asText());
        line(text, "tool", run.summary().path("tool").asText());
        line(text, "finished", run.summary().path("finished").asText());
        text.append("\n## Licence\n\n").append(license.note()).append('\n');
        text.append("The prompts keep the licence of where they come from.\n");
        return text.toString();
    }

    private static void line(StringBuilder text, String name, Object value) {
        String shown = value.toString().replace("|", "\\|").replaceAll("\\s+", " ");
        text.append("| ").append(name).append(" | ").append(shown).append(" |\n");
    }
}
