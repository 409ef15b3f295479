package io.millrace.cli;

import io.millrace.job.RunManifest;
import io.millrace.kafka.KafkaClients;
import io.millrace.producer.kafka.ReceivedResult;
import io.millrace.producer.kafka.ResultReader;
import io.millrace.producer.kafka.RunManifests;
import io.millrace.producer.ledger.RunLedger;
import io.millrace.wire.Topics;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says how far runs are. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Lists the runs and how far they are, or one run.",
        footer = {"", "Example:", "  millrace status --bootstrap-server kafka:9092"})
final class StatusCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Parameters(arity = "0..1", paramLabel = "RUN", description = "Only this run.")
    private String runId;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        KafkaClients clients = cluster.clients();
        Topics topics = cluster.topics();
        List<RunManifest> runs;
        try (RunManifests manifests = new RunManifests(clients, topics, PATIENCE)) {
            manifests.refresh();
            runs = manifests.all().stream()
                    .filter(run -> runId == null || run.runId().equals(runId))
                    .toList();
        }
        if (runs.isEmpty()) {
            throw new UserError(
                    runId == null ? "nothing was submitted here yet" : "there is no run " + runId + " here");
        }
        out.printf(
                "%-18s %-9s %10s %10s %8s  %-20s %s%n",
                "RUN", "STATE", "JOBS", "ANSWERED", "FAILED", "CREATED", "MODEL");
        for (RunManifest run : runs) {
            RunLedger ledger = results(clients, topics, run);
            boolean complete = run.state() == RunManifest.State.SEALED && ledger.complete(run.jobs(), run.replays());
            out.printf(
                    "%-18s %-9s %10d %10d %8d  %-20s %s%n",
                    run.runId(),
                    complete ? "COMPLETE" : run.state(),
                    run.jobs(),
                    ledger.totals().answered(),
                    ledger.totals().failed(),
                    Instant.ofEpochMilli(run.createdEpochMillis()).truncatedTo(ChronoUnit.SECONDS),
                    run.model());
        }
        out.flush();
        return ExitStatus.OK;
    }

    private static RunLedger results(KafkaClients clients, Topics topics, RunManifest run) {
        RunLedger ledger = new RunLedger();
        try (ResultReader reader = new ResultReader(clients, topics, run.runId(), run.resultOffsets(), PATIENCE)) {
            do {
                for (ReceivedResult result : reader.poll(POLL)) {
                    ledger.accept(result.result());
                }
            } while (!reader.caughtUp());
        }
        return ledger;
    }
}
