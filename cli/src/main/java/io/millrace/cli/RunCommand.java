package io.millrace.cli;

import io.millrace.cli.local.LocalCluster;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.KafkaSettings;
import io.millrace.producer.files.AnsweredRows;
import io.millrace.producer.files.Duplicates;
import io.millrace.producer.files.PromptFile;
import io.millrace.producer.files.RunFacts;
import io.millrace.producer.files.RunOutput;
import io.millrace.producer.files.RunSummary;
import io.millrace.producer.files.TaskCursor;
import io.millrace.producer.kafka.Resubmission;
import io.millrace.producer.kafka.RunManifests;
import io.millrace.producer.kafka.SubmitOptions;
import io.millrace.producer.ledger.RunLedger;
import io.millrace.wire.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Submits, waits, collects. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Runs a file of prompts: submits it, waits for the workers, collects the completions.",
        footer = {
            "",
            "Examples:",
            "  millrace run --local -i prompts.jsonl -o out",
            "  millrace run --local --model model.gguf -i prompts.jsonl -o out -n 4 --temperature 0.8",
            "  millrace run --bootstrap-server kafka:9092 --model model -i batch.jsonl.zst -o out",
            "The same command again goes on where the last one stopped; a complete run is left as it is.",
            "Exit status: 0 every job answered, 1 some failed, 2 wrong input or options, 3 broker, engine or disk failed."
        })
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private LossOptions loss = new LossOptions();

    @Option(names = "--repair", description = "Submit jobs that got lost again, exactly those.")
    private boolean repair;

    @Mixin
    private DeadlineOption deadline = new DeadlineOption();

    @Mixin
    private InputOptions input = new InputOptions();

    @Mixin
    private EngineFlags engine = new EngineFlags();

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "DIR",
            description = "Folder for results.jsonl, errors.jsonl and run.json.")
    private Path output;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "NAME|FILE",
            description =
                    "The model's name as its workers have it; with --local a GGUF file (default: the bundled one).")
    private String model;

    @Option(
            names = "--local",
            description = "Start a broker and a worker on this machine for the run; data under .millrace/.")
    private boolean local;

    @Option(
            names = "--max-in-flight-jobs",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Submit at most N jobs ahead of the results (default: ${DEFAULT-VALUE}).")
    private long maxInFlight;

    @Option(
            names = "--dedupe",
            description =
                    "Run identical jobs once, where they are greedy or have a seed, and answer every row of them.")
    private boolean dedupe;

    @Option(
            names = "--verify",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "With --local: in the end run N answered jobs again, at one slot, and say how many samples differ.")
    private int verify;

    /** Of the jobs: the output folder, or one in it where jobs stand for several rows. */
    private Path runFolder;

    @Override
    public Integer call() throws Exception {
        if (verify < 0 || verify > 0 && !local) {
            throw new UserError(
                    verify < 0
                            ? "--verify must be 0 (off) or more jobs, not " + verify
                            : "--verify loads the model here, so it goes with --local only");
        }
        if (local && cluster.given()) {
            throw new UserError("--local brings its own broker: leave out --bootstrap-server and --kafka-config");
        }
        if (!local && model == null) {
            throw new UserError("--model is missing: name the model whose workers are to run this, or use --local");
        }
        if (maxInFlight < 1) {
            throw new UserError("--max-in-flight-jobs must be at least 1, not " + maxInFlight);
        }
        Path modelFile = local ? localModel() : Path.of("");
        if (local) {
            engine.options(modelFile);
        }
        String modelName = local ? EngineFlags.modelName(modelFile) : model;
        Path work = Path.of(".millrace");
        InputOptions.Planned plan = input.plan(modelName, work.resolve("tmp"), err(), dedupe);
        String runId = plan.planner().runId();
        runFolder = plan.folder(output);
        if (dedupe) {
            AnsweredRows.requireFree(output, runId);
        }
        Optional<RunSummary> earlier = RunOutput.completed(runFolder, runId);
        if (earlier.isPresent()) {
            err().println("run " + runId + " is complete in " + runFolder + ", nothing to do: "
                    + Totals.shown(earlier.get()));
            answerRows(plan);
            verify(plan, modelFile);
            return Totals.exitStatus(earlier.get());
        }
        int status;
        try (Interruption interruption = new Interruption();
                RunOutput folder = RunOutput.open(runFolder, runId, Clock.systemUTC())) {
            if (!local) {
                return run(plan, cluster.clients(), folder, Optional.empty(), interruption);
            }
            try (LocalCluster here = LocalCluster.start(work, modelFile, engine.arguments())) {
                err().println("run " + runId + ": " + plan.input().tasks() + " jobs for " + modelName
                        + ", broker and worker on this machine (logs in " + here.logs() + ")");
                err().flush();
                status = run(
                        plan,
                        new KafkaClients(KafkaSettings.of(here.bootstrap())),
                        folder,
                        Optional.of(here),
                        interruption);
            }
        }
        if (status != ExitStatus.INTERRUPTED) {
            verify(plan, modelFile);
        }
        return status;
    }

    /** When the worker is gone and its memory free. */
    private void verify(InputOptions.Planned plan, Path modelFile) throws IOException {
        if (verify > 0) {
            err().println(Verification.of(plan, runFolder, engine.options(modelFile), verify));
        }
    }

    private Path localModel() {
        if (model != null) {
            return Path.of(model);
        }
        return BundledModel.file();
    }

    private int run(
            InputOptions.Planned plan,
            KafkaClients clients,
            RunOutput folder,
            Optional<LocalCluster> here,
            Interruption interruption)
            throws IOException {
        Topics topics = cluster.topics();
        ClusterOptions.setUp(clients, topics, plan.planner().options().model());
        AtomicLong seen = new AtomicLong(folder.ledger().totals().jobs());
        SubmitOptions options = new SubmitOptions(
                SubmitOptions.DEFAULT_CHUNK_JOBS,
                maxInFlight,
                seen::get,
                jobs -> {},
                interruption::wanted,
                SubmitOptions.DEFAULT_PATIENCE);
        try (Submission submission = new Submission(plan, deadline.epochMillis(), clients, topics, options);
                RunManifests manifests = new RunManifests(clients, topics, SubmitOptions.DEFAULT_PATIENCE);
                Collection collection =
                        new Collection(clients, topics, submission.manifest(), manifests, folder, loss.quiet())) {
            CompletableFuture<Boolean> submitted = submitBeside(submission);
            boolean whole;
            try {
                whole = collect(plan, collection, clients, submitted, seen, here, interruption);
            } finally {
                // The submitting thread ends by itself at its next chunk; what it holds is closed after it.
                interruption.submitterMayEnd(submitted);
            }
            if (!whole) {
                collection.checkpoint();
                err().println("millrace: stopped with " + seen.get() + " of "
                        + plan.input().tasks() + " results collected; the same command goes on");
                return ExitStatus.INTERRUPTED;
            }
            try (TaskCursor tasks = plan.input().open(0)) {
                PromptFile.write(runFolder, new PlannedJobs(tasks, plan.planner()));
            }
            RunSummary summary = folder.complete(facts(plan), collection.run().jobs(), collection.positions());
            int status = Totals.tell(err(), collection.run(), runFolder, summary);
            answerRows(plan);
            return status;
        }
    }

    /** Where jobs stand for several rows: the files of all rows. */
    private void answerRows(InputOptions.Planned plan) throws IOException {
        if (plan.duplicates().isEmpty()) {
            return;
        }
        Duplicates duplicates = plan.duplicates().get();
        AnsweredRows.Counts counts = AnsweredRows.write(output, plan.planner().runId(), duplicates);
        try (TaskCursor tasks = duplicates.rows().open(0)) {
            PromptFile.write(output, new PlannedJobs(tasks, plan.planner()));
        }
        err().println(duplicates.rows().tasks() + " rows in " + output + ": " + counts.answered() + " answered, "
                + counts.failed() + " failed, by " + plan.input().tasks() + " jobs");
    }

    private static CompletableFuture<Boolean> submitBeside(Submission submission) {
        CompletableFuture<Boolean> submitted = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        submitted.complete(submission.run());
                    } catch (IOException | RuntimeException e) {
                        submitted.completeExceptionally(e);
                    }
                },
                "submit");
        thread.start();
        return submitted;
    }

    /** Whether every job of the run has a result in the end; if not, the user interrupted. */
    private boolean collect(
            InputOptions.Planned plan,
            Collection collection,
            KafkaClients clients,
            CompletableFuture<Boolean> submitted,
            AtomicLong seen,
            Optional<LocalCluster> here,
            Interruption interruption)
            throws IOException {
        long total = plan.input().tasks();
        try (Progress progress = new Progress("collected", "jobs", seen.get(), total, System.err)) {
            while (!interruption.wanted()) {
                collection.step();
                seen.set(collection.ledger().totals().jobs());
                progress.update(seen.get(), total, collection.note());
                if (submitted.isCompletedExceptionally() && !collection.cancelled()) {
                    throw failure(submitted);
                }
                if (collection.lost()) {
                    repair(plan, collection, clients);
                }
                if (collection.complete()) {
                    progress.finish(seen.get(), total, collection.note());
                    return true;
                }
                here.flatMap(LocalCluster::failure).ifPresent(failure -> {
                    throw new UserError(failure, ExitStatus.FAILED);
                });
            }
        }
        return false;
    }

    /** Submits what got lost again, if that is wanted. */
    private void repair(InputOptions.Planned plan, Collection collection, KafkaClients clients) throws IOException {
        collection.checkpoint();
        if (!repair) {
            throw new UserError(collection.loss(), ExitStatus.FAILED);
        }
        String runId = plan.planner().runId();
        try (Resubmission resubmission =
                        new Resubmission(clients, cluster.topics(), runId, SubmitOptions.DEFAULT_PATIENCE);
                TaskCursor tasks = plan.input().open(0)) {
            RunLedger ledger = collection.ledger();
            long repaired = resubmission.repair(Submission.jobs(
                    tasks,
                    plan.planner(),
                    job -> !ledger.contains(job.index())
                            || ledger.highestReplay(job.index()) < resubmission.lastReplay(job)));
            err().println("run " + runId + ": " + repaired + " lost jobs submitted again");
        }
        collection.noLoss();
    }

    /** Why the submitting ended; checked ones are thrown here. */
    private static RuntimeException failure(CompletableFuture<Boolean> submitted) throws IOException {
        try {
            submitted.join();
            throw new IllegalStateException("the submitting did not fail");
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            return e.getCause() instanceof RuntimeException runtime ? runtime : e;
        }
    }

    private static RunFacts facts(InputOptions.Planned plan) {
        return new RunFacts(
                plan.planner().runId(),
                Millrace.Version.text(),
                plan.planner().options().model(),
                plan.input().sha256(),
                plan.planner().runSeed(),
                plan.planner().options().fields());
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
