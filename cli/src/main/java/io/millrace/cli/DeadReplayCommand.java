package io.millrace.cli;

import io.millrace.job.JobId;
import io.millrace.producer.kafka.DeadJob;
import io.millrace.producer.kafka.Resubmission;
import io.millrace.producer.kafka.Resubmission.Replayed;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Submits jobs that failed for good again. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Submits the jobs of a run that failed for good again, each once however often this is said.",
        footer = {
            "",
            "The result of the replay takes the place of the failure: collect the run again, into the same folder.",
            "A job whose replay fails as well is dead again and can be replayed again."
        })
final class DeadReplayCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private TraceFlags traces = new TraceFlags();

    @Parameters(paramLabel = "RUN", description = "The run's id.")
    private String runId;

    @Option(
            names = "--job",
            paramLabel = "JOB",
            arity = "1..*",
            description = "Only these jobs, by id or index (default: all dead jobs of the run).")
    private List<String> jobs = List.of();

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "Only jobs that failed in this way, such as ENGINE_DIED.")
    private String kind;

    @Option(
            names = "--deadline",
            paramLabel = "DURATION",
            converter = DurationOption.class,
            description = "When they must be finished, counted from now (default: no deadline).")
    private Duration deadline;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        Set<JobId> wanted = jobs.stream()
                .map(job -> job.matches("[0-9]+") ? runId + "-" + job : job)
                .map(DeadShowCommand::parsed)
                .collect(Collectors.toCollection(HashSet::new));
        Predicate<DeadJob> chosen =
                job -> (jobs.isEmpty() || wanted.remove(job.id())) && (kind == null || kind.equals(job.kind()));
        Replayed replayed;
        try (TracedRun traced = TracedRun.begin(traces, "replay", runId);
                Resubmission resubmission = new Resubmission(
                        cluster.clients(), cluster.topics(), runId, ClusterOptions.START_PATIENCE, traced.traces())) {
            replayed = resubmission.replay(chosen, DurationOption.fromNow(Optional.ofNullable(deadline)));
        }
        err.println("run " + runId + ": " + replayed.submitted() + " jobs submitted again"
                + (replayed.already() > 0 ? ", " + replayed.already() + " were submitted again before" : "")
                + (replayed.submitted() + replayed.already() > 0
                        ? "; millrace collect " + runId + " puts their results into its folder"
                        : ""));
        if (!replayed.unreadable().isEmpty()) {
            err.println("millrace: left out, since their records are no jobs: " + replayed.unreadable());
        }
        if (!wanted.isEmpty()) {
            err.println("millrace: these jobs have not failed for good: " + wanted);
        }
        return replayed.unreadable().isEmpty() && wanted.isEmpty() ? ExitStatus.OK : ExitStatus.JOBS_FAILED;
    }
}
