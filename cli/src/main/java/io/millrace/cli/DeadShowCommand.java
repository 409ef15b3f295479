package io.millrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.job.JobId;
import io.millrace.producer.kafka.DeadJob;
import io.millrace.producer.kafka.DeadJobs;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows one job that failed for good. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Shows a job that failed for good: why, its attempts, and its record as it was submitted.")
final class DeadShowCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Parameters(paramLabel = "JOB", description = "The job's id, <run>-<index>, as list prints it.")
    private String jobId;

    @Override
    public Integer call() {
        JobId id = parsed(jobId);
        DeadJobs dead =
                DeadJobs.read(cluster.clients(), cluster.topics(), id.runId()::equals, true, DeadListCommand.PATIENCE);
        DeadJob job = dead.newest(id)
                .orElseThrow(() -> new UserError("job " + id + " has not failed for good: millrace dead list"));
        PrintWriter out = spec.commandLine().getOut();
        line(out, "job", job.id());
        line(out, "custom id", job.customId());
        line(out, "kind", job.kind());
        line(out, "reason", job.reason());
        line(out, "when", Instant.ofEpochMilli(job.failedEpochMillis()));
        line(out, "attempts", job.attempts());
        line(out, "worker", job.worker());
        line(out, "build", job.build());
        line(out, "topic", job.topic());
        line(out, "submitted", dead.replayed(job) ? "again since, as replay " + dead.lastReplay(id) : times(job));
        out.println("history");
        job.history().forEach(attempt -> out.println("  " + attempt));
        out.println("record");
        out.println("  " + new String(job.original(), UTF_8));
        out.flush();
        return ExitStatus.OK;
    }

    private static String times(DeadJob job) {
        return job.replay() == 0 ? "once" : "again " + job.replay() + " times";
    }

    private static void line(PrintWriter out, String name, Object value) {
        out.printf("%-10s %s%n", name, value);
    }

    static JobId parsed(String text) {
        try {
            return JobId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage());
        }
    }
}
