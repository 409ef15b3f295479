package io.millrace.cli;

import io.millrace.job.RunManifest;
import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import io.millrace.producer.files.PromptFile;
import io.millrace.producer.files.RunFacts;
import io.millrace.producer.files.RunOutput;
import io.millrace.producer.files.RunSummary;
import io.millrace.producer.kafka.JobReader;
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
        footer = {
            "",
            "Examples:",
            "  millrace collect 3f9a0c51d2e47b68 --bootstrap-server kafka:9092 -o out",
            "  millrace collect 3f9a0c51d2e47b68 --bootstrap-server kafka:9092 -o out --follow | jq .custom_id"
        })
final class CollectCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /** A complete folder is looked at again only if the broker is there. */
    private static final Duration SHORT_PATIENCE = Duration.ofSeconds(10);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private LossOptions loss = new LossOptions();

    @Parameters(paramLabel = "RUN", description = "The run's id, as submit printed it.")
    private String runId;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "DIR",
            description = "Folder for results.jsonl, errors.jsonl and run.json.")
    private Path output;

    @Option(
            names = "--follow",
            description = "Also write each line of results and errors to standard output as it comes, those collected"
                    + " before first.")
    private boolean follow;

    @Option(
            names = "--prompts",
            description = "Also fetch the prompts from the jobs topic, so that export can make a training set.")
    private boolean prompts;

    @Override
    public Integer call() throws Exception {
        Optional<RunSummary> earlier = RunOutput.completed(output, runId);
        KafkaClients clients = cluster.clients();
        Topics topics = cluster.topics();
        try (Interruption interruption = new Interruption();
                RunManifests manifests =
                        new RunManifests(clients, topics, earlier.isPresent() ? SHORT_PATIENCE : PATIENCE)) {
            if (earlier.isPresent() && !replayedSince(earlier.get(), manifests)) {
                if (follow) {
                    try (Follower follower = new Follower()) {
                        follower.copy(output);
                    }
                }
                err().println("run " + runId + " is complete in " + output + ", nothing to do: "
                        + Totals.shown(earlier.get()));
                return Totals.exitStatus(earlier.get());
            }
            if (earlier.isEmpty()) {
                manifests.refresh();
            }
            RunManifest run = manifests
                    .newest(runId)
                    .orElseThrow(() -> new UserError("there is no run " + runId
                            + " here: millrace status lists the runs, --topic-prefix names others"));
            try (RunOutput folder = open(earlier.isPresent());
                    Collection collection = new Collection(clients, topics, run, manifests, folder, loss.quiet())) {
                return collect(clients, folder, collection, earlier, interruption);
            }
        }
    }

    private RunOutput open(boolean complete) throws IOException {
        return complete
                ? RunOutput.reopen(output, runId, Clock.systemUTC())
                : RunOutput.open(output, runId, Clock.systemUTC());
    }

    private boolean replayedSince(RunSummary earlier, RunManifests manifests) {
        try {
            manifests.refresh();
        } catch (ClusterException e) {
            err().println("millrace: whether jobs were replayed since is not known: " + e.getMessage());
            return false;
        }
        return manifests
                .newest(runId)
                .filter(run -> run.replays() > earlier.replays())
                .isPresent();
    }

    private int collect(
            KafkaClients clients,
            RunOutput folder,
            Collection collection,
            Optional<RunSummary> earlier,
            Interruption interruption)
            throws IOException {
        try (Follower follower = new Follower()) {
            if (follow) {
                follower.follow(folder);
            }
            collect(collection, follower, interruption);
        }
        if (interruption.wanted()) {
            collection.checkpoint();
            err().println("millrace: stopped with "
                    + collection.ledger().totals().jobs() + " results collected; the same command goes on");
            return ExitStatus.INTERRUPTED;
        }
        RunManifest run = collection.run();
        RunFacts facts = earlier.map(RunSummary::facts)
                .orElseGet(() -> new RunFacts(
                        runId,
                        Millrace.Version.text(),
                        run.models().toString(),
                        run.inputSha256(),
                        run.seed(),
                        Map.of()));
        if (prompts) {
            PromptFile.writeUnordered(
                    output, runId, sink -> JobReader.read(clients, cluster.topics(), run, PATIENCE, sink::accept));
        }
        RunSummary summary = folder.complete(facts, run.jobs(), collection.positions());
        return Totals.tell(err(), run, output, summary);
    }

    /** Until every job of the run has a result, or the user interrupts. */
    private static void collect(Collection collection, Follower follower, Interruption interruption)
            throws IOException {
        try (Progress progress = new Progress(
                "collected",
                "jobs",
                collection.ledger().totals().jobs(),
                collection.run().jobs(),
                System.err)) {
            while (!interruption.wanted()) {
                collection.step();
                follower.flush();
                long done = collection.ledger().totals().jobs();
                progress.update(done, collection.run().jobs(), collection.note());
                if (collection.lost()) {
                    collection.checkpoint();
                    throw new UserError(collection.loss(), ExitStatus.FAILED);
                }
                if (collection.complete()) {
                    progress.finish(done, collection.run().jobs(), collection.note());
                    return;
                }
            }
        }
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
