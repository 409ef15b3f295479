package io.millrace.cli;

import io.millrace.producer.plan.SweepPoint;
import io.millrace.producer.sweep.RunScorer;
import io.millrace.producer.sweep.SweepCheck;
import io.millrace.producer.sweep.SweepConfig;
import io.millrace.producer.sweep.SweepFile;
import io.millrace.producer.sweep.SweepJson;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs tasks at many points and scores them. */
@Command(
        name = "sweep",
        mixinStandardHelpOptions = true,
        description =
                "Runs each task at every point of a grid or list of settings, as one run, and scores the answers.",
        footer = {
            "",
            "Examples:",
            "  millrace sweep --local -i tasks.jsonl -c sweep.yaml -o out",
            "  millrace sweep --local -i tasks.jsonl -c sweep.yaml -o out --dry-run",
            "sweep.yaml:",
            "  grid: {temperature: [0, 0.7], system: {none: none, short: Answer in one word.}}",
            "  scorers: [number]",
            "The same command again goes on where the last one stopped. docs/sweeps.md has all of it."
        })
final class SweepCommand implements Callable<Integer> {
    private static final int SHOWN_POINTS = 40;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunFlags flags = new RunFlags();

    @Mixin
    private InputOptions input = new InputOptions();

    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The sweep, YAML or JSON; a sampling configuration of Open-Assistant's too.")
    private Path config;

    @Mixin
    private ScoringFlags scoring = new ScoringFlags();

    @Option(names = "--dry-run", description = "Show the plan and its size, and do nothing.")
    private boolean dryRun;

    @Override
    public Integer call() throws Exception {
        flags.check();
        SweepConfig told = SweepFile.read(config);
        List<String> names = scoring.names(told.scorers());
        Map<String, RunScorer> scorers = Scorers.of(names, scoring, err());
        SweptModels models = SweptModels.of(told.sweep(), flags);
        SweepConfig sweep = new SweepConfig(models.sweep(), names, told.notes());
        sweep.notes().forEach(note -> err().println("millrace: note: " + note));
        InputOptions.Planned plan = input.plan(
                models.ofRun(),
                new InputOptions.Shape(Optional.of(sweep.sweep()), false),
                RunFlags.WORK.resolve("tmp"),
                err());
        shown(plan, sweep, SweepCheck.of(plan.input(), plan.planner())).forEach(err()::println);
        err().flush();
        if (dryRun) {
            return ExitStatus.OK;
        }
        long tasks = plan.input().tasks();
        int status = new Execution(flags, models.files(), plan, err())
                .run(() -> SweepJson.write(flags.output(), sweep, tasks));
        if (status != ExitStatus.INTERRUPTED && !scorers.isEmpty()) {
            new ScoreRun(flags.output(), scorers).run(err());
        }
        return status;
    }

    private static List<String> shown(InputOptions.Planned plan, SweepConfig sweep, SweepCheck size) {
        List<SweepPoint> points = sweep.sweep().points();
        List<String> lines = new ArrayList<>();
        lines.add("sweep " + plan.planner().runId() + ": " + plan.input().tasks() + " tasks at " + points.size()
                + " points are " + size.jobs() + " jobs and " + size.samples() + " samples of at most "
                + size.mostTokens() + " tokens together");
        if (!sweep.sweep().models().isEmpty()) {
            lines.add("models: " + plan.planner().options().models());
        }
        points.stream()
                .limit(SHOWN_POINTS)
                .forEach(point -> lines.add(String.format("  %-4s %s", point.id(), point.label())));
        if (points.size() > SHOWN_POINTS) {
            lines.add("  ... and " + (points.size() - SHOWN_POINTS) + " more");
        }
        lines.add(
                sweep.scorers().isEmpty()
                        ? "no scorers: millrace score can score the answers later"
                        : "scored by " + String.join(", ", sweep.scorers()));
        return lines;
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
