package io.millrace.cli;

import io.millrace.producer.report.Evaluation;
import io.millrace.producer.report.html.ReportFolder;
import io.millrace.producer.report.json.SamplingReportWriter;
import io.millrace.producer.report.json.Sources;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes the report of a run, or of several side by side. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Makes the report of a run, a sweep or a sampling report: one HTML file, report.json, report.md.",
        footer = {
            "",
            "Examples:",
            "  millrace report out                              writes out/report/index.html",
            "  millrace report --compare out-a out-b -o both    two runs side by side",
            "  millrace report --compare out baseline.json -o both",
            "                                                   a run beside a sampling report",
            "  millrace report out --sampling-report out.json   also as a sampling report"
        })
final class ReportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SOURCE",
            arity = "1..*",
            description = "The output folder of a run or a sweep, or the file of a sampling report.")
    private List<Path> sources;

    @Option(names = "--compare", description = "Puts several sources side by side; tasks meet by their prompts.")
    private boolean compare;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "The folder of the report (default: the folder report in that of the run).")
    private Path output;

    @Option(
            names = "--sampling-report",
            paramLabel = "FILE",
            description = "Also writes the source as a sampling report, the reference project's format.")
    private Path samplingReport;

    @Option(
            names = "--browse",
            paramLabel = "N",
            defaultValue = "50000",
            description = "The most samples whose texts go into the page; the figures have all of them"
                    + " (default: ${DEFAULT-VALUE}).")
    private long browse;

    @Override
    public Integer call() throws Exception {
        Path target = target();
        Evaluation evaluation = Sources.read(sources);
        Path page = ReportFolder.write(target, evaluation, browse);
        if (samplingReport != null) {
            ReportFolder.replace(samplingReport, new SamplingReportWriter(evaluation)::write);
        }
        PrintWriter err = spec.commandLine().getErr();
        err.println(evaluation.tasks().size() + " tasks, " + evaluation.points().size() + " points, "
                + evaluation.samples() + " samples");
        evaluation.notes().forEach(err::println);
        if (evaluation.samples() > browse) {
            err.println("the page holds the texts of " + browse + " samples at most; --browse changes that");
        }
        err.flush();
        PrintWriter out = spec.commandLine().getOut();
        out.println(page);
        out.flush();
        return ExitStatus.OK;
    }

    /** Where the report goes, once the options are found to fit. */
    private Path target() {
        if (compare && sources.size() < 2) {
            throw new UserError("--compare needs two sources or more: report --compare A B -o DIR");
        }
        if (!compare && sources.size() > 1) {
            throw new UserError(
                    "one report has one source, not " + sources.size() + "; --compare puts them side by side");
        }
        if (samplingReport != null && sources.size() > 1) {
            throw new UserError("--sampling-report writes one source; name it alone");
        }
        if (browse < 0) {
            throw new UserError("--browse must be 0 or more, not " + browse);
        }
        if (output != null) {
            return output;
        }
        if (compare || !Files.isDirectory(sources.get(0))) {
            throw new UserError("-o is missing: name a folder for the report");
        }
        return sources.get(0).resolve("report");
    }
}
