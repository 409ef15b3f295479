package io.millrace.cli;

import io.millrace.job.RunManifest;
import io.millrace.kafka.KafkaClients;
import io.millrace.producer.kafka.ResultReader;
import io.millrace.producer.kafka.RunManifests;
import io.millrace.producer.ledger.RunAudit;
import io.millrace.wire.Topics;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Counts a run's committed results. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "Counts the committed results of a run in the topic, dropping none: how many jobs have no result, how many",
            "results came twice, and what each worker published."
        },
        footer = {
            "",
            "Example:",
            "  millrace audit 3f9a0c51d2e47b68 --bootstrap-server kafka:9092",
            "Of a run that is still going, what has no result yet counts as lost.",
            "Exit status: 0 every job has one result, 1 otherwise."
        })
final class AuditCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Parameters(paramLabel = "RUN", description = "The run's id, as status lists it.")
    private String runId;

    @Override
    public Integer call() {
        KafkaClients clients = cluster.clients();
        Topics topics = cluster.topics();
        RunManifest run;
        try (RunManifests manifests = new RunManifests(clients, topics, PATIENCE)) {
            manifests.refresh();
            run = manifests
                    .newest(runId)
                    .orElseThrow(() -> new UserError("there is no run " + runId
                            + " here: millrace status lists the runs, --topic-prefix names others"));
        }
        RunAudit audit = new RunAudit();
        try (ResultReader reader = new ResultReader(clients, topics, runId, run.resultOffsets(), PATIENCE)) {
            do {
                reader.poll(POLL).forEach(received -> audit.count(received.result()));
            } while (!reader.caughtUp());
        }
        return tell(run, audit);
    }

    private int tell(RunManifest run, RunAudit audit) {
        PrintWriter out = spec.commandLine().getOut();
        long lost = audit.lost(run.jobs());
        out.println("run " + runId + " (" + run.state() + "): jobs " + run.jobs()
                + (run.replays() > 0 ? " replays " + run.replays() : "") + " results " + audit.results() + " lost "
                + lost + " duplicates " + audit.duplicates());
        audit.workers()
                .forEach((worker, share) -> out.println("worker " + worker + ": results " + share.results()
                        + ", of jobs that an earlier attempt did not finish " + share.again()));
        out.flush();
        return lost == 0 && audit.duplicates() == 0 ? ExitStatus.OK : ExitStatus.JOBS_FAILED;
    }
}
