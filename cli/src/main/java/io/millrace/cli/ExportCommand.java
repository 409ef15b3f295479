package io.millrace.cli;

import io.millrace.producer.export.Export;
import io.millrace.producer.export.ExportOptions;
import io.millrace.producer.export.ExportReport;
import io.millrace.producer.export.ScoreFile;
import io.millrace.producer.export.Target;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a dataset of a run. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Makes a dataset of a complete run, for trainers and evaluators.",
        footer = {
            "",
            "Formats: openai, messages-jsonl, messages-parquet, prompt-completion-jsonl, prompt-completion-parquet,",
            "preference-jsonl, preference-parquet, sharegpt, alpaca, oasst-tree, humaneval, ifeval, csv, text.",
            "",
            "Examples:",
            "  millrace export out --to messages-parquet -o data --validation 0.05 --finish-reason stop",
            "  millrace score out -s number && millrace export out --to preference-jsonl --scores out/scores.jsonl -o pairs",
            "The same run and options give the same bytes."
        })
final class ExportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN_DIR", description = "The output folder of run or collect.")
    private Path run;

    @Option(names = "--to", required = true, paramLabel = "FORMAT", description = "The format, see below.")
    private String target;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "DIR",
            description = "A folder that does not exist or is empty.")
    private Path output;

    @Option(
            names = "--validation",
            paramLabel = "PART",
            defaultValue = "0",
            description =
                    "The part of the source rows that goes into a validation split, such as 0.05; the samples of a"
                            + " row stay together (default: none).")
    private double validation;

    @Option(
            names = "--split-by",
            paramLabel = "COLUMN",
            description = "Rows with the same value of this column of the input stay in one split, such as"
                    + " message_tree_id.")
    private String splitBy;

    @Option(
            names = "--shard-rows",
            paramLabel = "N",
            defaultValue = "500000",
            description = "The most rows of a file (default: ${DEFAULT-VALUE}).")
    private long shardRows;

    @Option(
            names = "--scores",
            paramLabel = "FILE",
            description =
                    "Scores of samples for preference pairs: {\"custom_id\", \"sample\", \"score\"} a line, such as"
                            + " the scores.jsonl that score writes.")
    private Path scores;

    @Option(
            names = "--scorer",
            paramLabel = "NAME",
            description = "Whose scores to take where --scores has those of several scorers.")
    private String scorer;

    @Option(
            names = "--license",
            paramLabel = "ID",
            description = "Licence for the dataset card, as the Hugging Face hub names it.")
    private String license;

    @Option(
            names = "--language",
            split = ",",
            paramLabel = "LANG",
            description = "Languages for the dataset card, such as en,de.")
    private List<String> languages;

    @Mixin
    private FilterFlags filters = new FilterFlags();

    @Override
    public Integer call() throws Exception {
        ExportReport report = Export.write(
                run,
                output,
                new ExportOptions(
                        Target.of(target),
                        validation,
                        Optional.ofNullable(splitBy),
                        shardRows,
                        Optional.ofNullable(scores).map(file -> new ScoreFile(file, Optional.ofNullable(scorer))),
                        filters.options(),
                        Optional.ofNullable(license),
                        languages == null ? List.of() : languages));
        PrintWriter err = spec.commandLine().getErr();
        err.println(
                report.samples() + " samples of " + report.jobs() + " answered jobs gave " + report.rows() + " rows");
        for (Map.Entry<String, Long> filter : report.removed().entrySet()) {
            err.println("  removed by " + filter.getKey() + ": " + filter.getValue());
        }
        err.flush();
        PrintWriter out = spec.commandLine().getOut();
        report.files().forEach(file -> out.println(output.resolve(file)));
        out.flush();
        return ExitStatus.OK;
    }
}
