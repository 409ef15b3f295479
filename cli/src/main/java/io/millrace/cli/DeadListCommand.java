package io.millrace.cli;

import io.millrace.producer.kafka.DeadJob;
import io.millrace.producer.kafka.DeadJobs;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the jobs that failed for good. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists the jobs that failed for good and were not submitted again, one a line.")
final class DeadListCommand implements Callable<Integer> {
    static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int REASON_CHARS = 80;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Parameters(arity = "0..1", paramLabel = "RUN", description = "Only this run's.")
    private String runId;

    @Option(names = "--all", description = "Also those that were submitted again since.")
    private boolean all;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        DeadJobs dead = DeadJobs.read(
                cluster.clients(), cluster.topics(), run -> runId == null || run.equals(runId), false, PATIENCE);
        out.printf("%-24s %-20s %-23s %8s  %-20s %s%n", "JOB", "CUSTOM ID", "KIND", "ATTEMPTS", "WHEN", "REASON");
        long shown = 0;
        for (DeadJob job : dead.all()) {
            boolean replayed = dead.replayed(job);
            if (all || !replayed) {
                shown++;
                out.printf(
                        "%-24s %-20s %-23s %8d  %-20s %s%n",
                        job.id(),
                        job.customId(),
                        job.kind(),
                        job.attempts(),
                        Instant.ofEpochMilli(job.failedEpochMillis()).truncatedTo(ChronoUnit.SECONDS),
                        (replayed ? "(submitted again) " : "") + oneLine(job.reason()));
            }
        }
        out.flush();
        spec.commandLine().getErr().println(shown + " dead jobs");
        return ExitStatus.OK;
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() > REASON_CHARS ? line.substring(0, REASON_CHARS) + "..." : line;
    }
}
