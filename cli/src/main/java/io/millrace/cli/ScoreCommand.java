package io.millrace.cli;

import io.millrace.job.InvalidFieldException;
import io.millrace.producer.plan.PromptTemplate;
import io.millrace.producer.sweep.JudgeTasks;
import io.millrace.producer.sweep.RunScorer;
import io.millrace.producer.sweep.SweepJson;
import io.millrace.producer.sweep.Verdicts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Scores a complete run. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        description = "Scores the samples of a complete run or sweep into its scores.jsonl.",
        footer = {
            "",
            "Scorers: " + Scorers.NAMES + ".",
            "A scorer compares with the task's field reference, answer, target or expected, or with the one named: -s"
                    + " number:solution.",
            "Examples:",
            "  millrace score out -s number",
            "  millrace score out -s exact:short_reference -s contains:short_reference",
            "By a model that judges, in a second run:",
            "  millrace score out --judge-tasks judge.jsonl",
            "  millrace run -i judge.jsonl -o judged --model judge --bootstrap-server kafka:9092",
            "  millrace score out --judged judged"
        })
final class ScoreCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The folder of a complete run.")
    private Path folder;

    @Mixin
    private ScoringFlags scoring = new ScoringFlags();

    @Option(
            names = "--judge-tasks",
            paramLabel = "FILE",
            description = "Write the tasks of a run in which another model judges the samples, and do nothing else.")
    private Path judgeTasks;

    @Option(
            names = "--judge-template",
            paramLabel = "FILE",
            description = "What the judge is asked, with {{prompt}}, {{answer}} and the task's fields; it must end in a"
                    + " rating such as [[7]], or in [[yes]] or [[no]].")
    private Path judgeTemplate;

    @Option(names = "--judged", paramLabel = "DIR", description = "Take the judge's verdicts from its complete run.")
    private Path judged;

    @Option(
            names = "--judge-scale",
            paramLabel = "N",
            defaultValue = "10",
            description = "The judge's best rating (default: ${DEFAULT-VALUE}).")
    private double judgeScale;

    @Override
    public Integer call() throws Exception {
        if (judgeTasks != null) {
            long tasks = JudgeTasks.write(folder, template(), judgeTasks);
            err().println(tasks + " tasks for the judge are in " + judgeTasks);
            return ExitStatus.OK;
        }
        if (!(judgeScale > 0)) {
            throw new UserError("--judge-scale must be above 0, not " + judgeScale);
        }
        new ScoreRun(folder, scorers()).run(err());
        return ExitStatus.OK;
    }

    private Map<String, RunScorer> scorers() throws IOException {
        if (judged != null) {
            return Map.of("judge", Verdicts.read(judged, judgeScale));
        }
        List<String> names = scoring.names(SweepJson.read(folder).scorers());
        if (names.isEmpty()) {
            throw new UserError("-s is missing: name a scorer of " + Scorers.NAMES);
        }
        return Scorers.of(names, scoring, err());
    }

    private PromptTemplate template() throws IOException {
        if (judgeTemplate != null && !Files.isRegularFile(judgeTemplate)) {
            throw new UserError("--judge-template " + judgeTemplate + ": no such file");
        }
        try {
            return PromptTemplate.of(
                    judgeTemplate == null ? JudgeTasks.DEFAULT_TEMPLATE : Files.readString(judgeTemplate));
        } catch (InvalidFieldException e) {
            throw new UserError("--judge-template " + judgeTemplate + ": " + e.getMessage());
        }
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
