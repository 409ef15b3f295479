package io.millrace.cli;

import io.millrace.kafka.KafkaClients;
import io.millrace.producer.kafka.SubmitOptions;
import io.millrace.wire.Topics;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Submits a run and does not wait for it. */
@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        description = "Submits a file of prompts as a run; prints its id on standard output.",
        footer = {
            "",
            "Example:",
            "  run=$(millrace submit --bootstrap-server kafka:9092 --model model -i prompts.jsonl)",
            "  millrace collect $run --bootstrap-server kafka:9092 -o out",
            "Killed half-way, the same command goes on after the last committed chunk."
        })
final class SubmitCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private DeadlineOption deadline = new DeadlineOption();

    @Mixin
    private TraceFlags traces = new TraceFlags();

    @Mixin
    private InputOptions input = new InputOptions();

    @Option(
            names = {"-m", "--model"},
            required = true,
            paramLabel = "NAME",
            description = "The model's name as its workers have it.")
    private String model;

    @Override
    public Integer call() throws Exception {
        PrintWriter err = spec.commandLine().getErr();
        KafkaClients clients = cluster.clients();
        Topics topics = cluster.topics();
        InputOptions.Planned plan =
                input.plan(model, InputOptions.Shape.A_JOB_A_TASK, Path.of(".millrace", "tmp"), err);
        long total = plan.jobs();
        try (TracedRun traced = TracedRun.begin(traces, "submit", plan.planner().runId());
                Interruption interruption = new Interruption();
                Progress progress = new Progress("submitted", "jobs", 0, total, System.err)) {
            ClusterOptions.setUp(clients, topics, model);
            SubmitOptions options = new SubmitOptions(
                    traced.chunkJobs(),
                    Long.MAX_VALUE,
                    () -> 0,
                    jobs -> progress.update(jobs, total, ""),
                    interruption::wanted,
                    SubmitOptions.DEFAULT_PATIENCE,
                    traced.traces());
            try (Submission submission = new Submission(plan, deadline.epochMillis(), clients, topics, options)) {
                if (!submission.run()) {
                    err.println("millrace: stopped after "
                            + submission.manifest().jobs() + " of " + total + " jobs; the same command goes on");
                    return ExitStatus.INTERRUPTED;
                }
            }
            progress.finish(total, total, "");
        }
        err.println("run " + plan.planner().runId() + " is submitted: " + total + " jobs for " + model);
        PrintWriter out = spec.commandLine().getOut();
        out.println(plan.planner().runId());
        out.flush();
        return ExitStatus.OK;
    }
}
