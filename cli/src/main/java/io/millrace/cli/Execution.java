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
import io.millrace.producer.kafka.Resubmission;
import io.millrace.producer.kafka.RunManifests;
import io.millrace.producer.kafka.SubmitOptions;
import io.millrace.producer.ledger.RunLedger;
import io.millrace.wire.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Carries a planned run out: submits, waits, collects; goes on where an earlier one stopped.
 *
 * <p>Confined to the main thread, but for the submitting.
 */
final class Execution {
    private final RunFlags flags;
    private final List<Path> models;
    private final InputOptions.Planned plan;
    private final PrintWriter err;
    /** Of the jobs: the output folder, or one in it where jobs stand for several rows. */
    private final Path runFolder;

    /** @param models the files of the models that {@code --local} is to start workers for */
    Execution(RunFlags flags, List<Path> models, InputOptions.Planned plan, PrintWriter err) {
        this.flags = flags;
        this.models = List.copyOf(models);
        this.plan = plan;
        this.err = err;
        this.runFolder = plan.folder(flags.output());
    }

    Path runFolder() {
        return runFolder;
    }

    /** Does something with the run's folder once it is this run's, and before the first job is submitted. */
    interface Opened {
        void then() throws IOException;
    }

    /** The exit status; a run that is complete already is left as it is. */
    int run(Opened opened) throws IOException {
        String runId = plan.planner().runId();
        if (plan.duplicates().isPresent()) {
            AnsweredRows.requireFree(flags.output(), runId);
        }
        Optional<RunSummary> earlier = RunOutput.completed(runFolder, runId);
        if (earlier.isPresent()) {
            opened.then();
            err.println("run " + runId + " is complete in " + runFolder + ", nothing to do: "
                    + Totals.shown(earlier.get()));
            answerRows();
            return Totals.exitStatus(earlier.get());
        }
        try (TracedRun traced = TracedRun.begin(flags.traces(), "run", runId);
                Interruption interruption = new Interruption();
                RunOutput folder = RunOutput.open(runFolder, runId, Clock.systemUTC())) {
            opened.then();
            if (!flags.local()) {
                return run(flags.cluster().clients(), folder, Optional.empty(), interruption, traced);
            }
            try (LocalCluster here = LocalCluster.start(RunFlags.WORK, models, flags.workerArguments(models.size()))) {
                err.println("run " + runId + ": " + plan.jobs() + " jobs for "
                        + plan.planner().options().models() + ", broker and "
                        + (models.size() == 1 ? "worker" : models.size() + " workers") + " on this machine (logs in "
                        + here.logs() + ")");
                err.flush();
                return run(
                        new KafkaClients(KafkaSettings.of(here.bootstrap())),
                        folder,
                        Optional.of(here),
                        interruption,
                        traced);
            }
        }
    }

    private int run(
            KafkaClients clients,
            RunOutput folder,
            Optional<LocalCluster> here,
            Interruption interruption,
            TracedRun traced)
            throws IOException {
        Topics topics = flags.topics();
        for (String model : plan.planner().options().models().distinct()) {
            ClusterOptions.setUp(clients, topics, model);
        }
        AtomicLong seen = new AtomicLong(folder.ledger().totals().jobs());
        SubmitOptions options = new SubmitOptions(
                traced.chunkJobs(),
                flags.maxInFlight(),
                seen::get,
                jobs -> {},
                interruption::wanted,
                SubmitOptions.DEFAULT_PATIENCE,
                traced.traces());
        try (Submission submission = new Submission(plan, flags.deadline().epochMillis(), clients, topics, options);
                RunManifests manifests = new RunManifests(clients, topics, SubmitOptions.DEFAULT_PATIENCE);
                Collection collection = new Collection(
                        clients,
                        topics,
                        submission.manifest(),
                        manifests,
                        folder,
                        flags.loss().quiet())) {
            CompletableFuture<Boolean> submitted = submitBeside(submission);
            boolean whole;
            try {
                whole = collect(collection, clients, submitted, seen, here, interruption, traced);
            } finally {
                // The submitting thread ends by itself at its next chunk; what it holds is closed after it.
                interruption.submitterMayEnd(submitted);
            }
            if (!whole) {
                collection.checkpoint();
                err.println("millrace: stopped with " + seen.get() + " of " + plan.jobs()
                        + " results collected; the same command goes on");
                return ExitStatus.INTERRUPTED;
            }
            try (PlannedJobs jobs = plan.open(0)) {
                PromptFile.write(runFolder, jobs);
            }
            RunSummary summary = folder.complete(facts(), collection.run().jobs(), collection.positions());
            int status = Totals.tell(err, collection.run(), runFolder, summary);
            answerRows();
            return status;
        }
    }

    /** Where jobs stand for several rows: the files of all rows. */
    private void answerRows() throws IOException {
        if (plan.duplicates().isEmpty()) {
            return;
        }
        Duplicates duplicates = plan.duplicates().get();
        AnsweredRows.Counts counts =
                AnsweredRows.write(flags.output(), plan.planner().runId(), duplicates);
        try (PlannedJobs jobs = new PlannedJobs(duplicates.rows(), plan.planner(), 0)) {
            PromptFile.write(flags.output(), jobs);
        }
        err.println(duplicates.rows().tasks() + " rows in " + flags.output() + ": " + counts.answered() + " answered, "
                + counts.failed() + " failed, by " + plan.jobs() + " jobs");
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
            Collection collection,
            KafkaClients clients,
            CompletableFuture<Boolean> submitted,
            AtomicLong seen,
            Optional<LocalCluster> here,
            Interruption interruption,
            TracedRun traced)
            throws IOException {
        long total = plan.jobs();
        try (Progress progress = new Progress("collected", "jobs", seen.get(), total, System.err)) {
            while (!interruption.wanted()) {
                collection.step();
                seen.set(collection.ledger().totals().jobs());
                progress.update(seen.get(), total, collection.note());
                if (submitted.isCompletedExceptionally() && !collection.cancelled()) {
                    throw failure(submitted);
                }
                if (collection.lost()) {
                    repair(collection, clients, traced);
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
    private void repair(Collection collection, KafkaClients clients, TracedRun traced) throws IOException {
        collection.checkpoint();
        if (!flags.repair()) {
            throw new UserError(collection.loss(), ExitStatus.FAILED);
        }
        String runId = plan.planner().runId();
        try (Resubmission resubmission = new Resubmission(
                        clients, flags.topics(), runId, SubmitOptions.DEFAULT_PATIENCE, traced.traces());
                PlannedJobs jobs = plan.open(0)) {
            RunLedger ledger = collection.ledger();
            long repaired = resubmission.repair(Submission.jobs(
                    jobs,
                    job -> !ledger.contains(job.index())
                            || ledger.highestReplay(job.index()) < resubmission.lastReplay(job)));
            err.println("run " + runId + ": " + repaired + " lost jobs submitted again");
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

    private RunFacts facts() {
        return new RunFacts(
                plan.planner().runId(),
                Millrace.Version.text(),
                plan.planner().options().models().toString(),
                plan.input().sha256(),
                plan.planner().runSeed(),
                plan.planner().options().fields());
    }
}
