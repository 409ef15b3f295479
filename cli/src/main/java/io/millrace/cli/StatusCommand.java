package io.millrace.cli;

import io.millrace.job.RunManifest;
import io.millrace.kafka.KafkaClients;
import io.millrace.producer.kafka.ReceivedResult;
import io.millrace.producer.kafka.ResultReader;
import io.millrace.producer.kafka.RunManifests;
import io.millrace.producer.ledger.RunLedger;
import io.millrace.producer.ledger.RunPace;
import io.millrace.wire.Topics;
import java.io.PrintWriter;
import java.time.Duration;
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
        description = {
            "Lists the runs, or one run: how far they are, jobs a second over the last minute, the time left at that pace,",
            "tokens, and failed jobs by kind."
        },
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
        out.println(StatusText.HEADER);
        for (RunManifest run : runs) {
            RunPace pace = new RunPace(System.currentTimeMillis() / 1000);
            StatusText.of(run, results(clients, topics, run, pace), pace).forEach(out::println);
            out.flush();
        }
        out.flush();
        return ExitStatus.OK;
    }

    private static RunLedger results(KafkaClients clients, Topics topics, RunManifest run, RunPace pace) {
        RunLedger ledger = new RunLedger();
        try (ResultReader reader = new ResultReader(clients, topics, run.runId(), run.resultOffsets(), PATIENCE)) {
            do {
                for (ReceivedResult result : reader.poll(POLL)) {
                    if (ledger.accept(result.result())) {
                        pace.add(result.result().createdEpochSeconds());
                    }
                }
            } while (!reader.caughtUp());
        }
        return ledger;
    }
}
