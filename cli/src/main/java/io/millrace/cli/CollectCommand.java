package io.millrace.cli;

import io.millrace.job.RunManifest;
import io.millrace.kafka.KafkaClients;
import io.millrace.producer.files.RunFacts;
import io.millrace.producer.files.RunOutput;
import io.millrace.producer.files.RunSummary;
import io.millrace.producer.kafka.RunManifests;
import io.millrace.wire.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Collects the results of a submitted run. */
@Command(
        name = "collect",
        mixinStandardHelpOptions = true,
        description = "Collects the results of a run into a folder, and waits until every job has one.",
        footer = {"", "Example:", "  millrace collect 3f9a0c51d2e47b68 --bootstrap-server kafka:9092 -o out"})
final class CollectCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long MANIFEST_EVERY_NANOS = Duration.ofSeconds(2).toNanos();

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Parameters(paramLabel = "RUN", description = "The run's id, as submit printed it.")
    private String runId;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "DIR",
            description = "Folder for results.jsonl, errors.jsonl and run.json.")
    private Path output;

    @Override
    public Integer call() throws Exception {
        PrintWriter err = spec.commandLine().getErr();
        Optional<RunSummary> earlier = RunOutput.completed(output, runId);
        if (earlier.isPresent()) {
            err.println(
                    "run " + runId + " is complete in " + output + ", nothing to do: " + Totals.shown(earlier.get()));
            return Totals.exitStatus(earlier.get());
        }
        KafkaClients clients = cluster.clients();
        Topics topics = cluster.topics();
        try (Interruption interruption = new Interruption();
                RunManifests manifests = new RunManifests(clients, topics, PATIENCE)) {
            RunManifest run = newest(manifests);
            try (RunOutput folder = RunOutput.open(output, runId, Clock.systemUTC());
                    Collection collection = new Collection(clients, topics, run, folder)) {
                RunManifest last = collect(manifests, run, collection, interruption);
                if (interruption.wanted()) {
                    collection.checkpoint();
                    err.println("millrace: stopped with "
                            + collection.ledger().totals().jobs() + " results collected; the same command goes on");
                    return ExitStatus.INTERRUPTED;
                }
                RunFacts facts = new RunFacts(
                        runId, Millrace.Version.text(), last.model(), last.inputSha256(), last.seed(), Map.of());
                RunSummary summary = folder.complete(facts, last.jobs(), collection.positions());
                err.println("run " + runId + " is complete in " + output + ": " + Totals.shown(summary));
                return Totals.exitStatus(summary);
            }
        }
    }

    private RunManifest newest(RunManifests manifests) {
        manifests.refresh();
        return manifests
                .newest(runId)
                .orElseThrow(() -> new UserError("there is no run " + runId
                        + " here: millrace status lists the runs, --topic-prefix names others"));
    }

    /** Until every job of the sealed run has a result, or the user interrupts. */
    private RunManifest collect(
            RunManifests manifests, RunManifest first, Collection collection, Interruption interruption)
            throws IOException {
        RunManifest run = first;
        long readNanos = System.nanoTime();
        try (Progress progress =
                new Progress("collected", "jobs", collection.ledger().totals().jobs(), run.jobs(), System.err)) {
            while (!interruption.wanted()) {
                collection.step();
                long done = collection.ledger().totals().jobs();
                progress.update(done, run.jobs(), collection.note());
                if (run.state() == RunManifest.State.SEALED
                        && collection.ledger().complete(run.jobs())) {
                    progress.finish(done, run.jobs(), collection.note());
                    return run;
                }
                if (run.state() == RunManifest.State.OPEN && System.nanoTime() - readNanos >= MANIFEST_EVERY_NANOS) {
                    run = newest(manifests);
                    readNanos = System.nanoTime();
                }
            }
        }
        return run;
    }
}
