package io.millrace.cli;

import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.RunManifest;
import io.millrace.kafka.KafkaClients;
import io.millrace.producer.kafka.JobSubmitter;
import io.millrace.producer.kafka.NewRun;
import io.millrace.producer.kafka.SubmitOptions;
import io.millrace.producer.plan.JobPlanner;
import io.millrace.wire.Topics;
import java.io.IOException;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/**
 * Submits the jobs of a checked input, from where an earlier submitter of the same run stopped.
 *
 * <p>Confined to the submitting thread.
 */
final class Submission implements AutoCloseable {
    private final InputOptions.Planned plan;
    private final JobSubmitter submitter;

    /** @param deadlineEpochMillis by when the jobs of a run that is not there yet must be finished */
    Submission(
            InputOptions.Planned plan,
            OptionalLong deadlineEpochMillis,
            KafkaClients clients,
            Topics topics,
            SubmitOptions options) {
        this.plan = plan;
        JobPlanner planner = plan.planner();
        NewRun run = new NewRun(
                planner.runId(),
                planner.options().models(),
                plan.input().sha256(),
                planner.runSeed(),
                System.currentTimeMillis(),
                deadlineEpochMillis);
        this.submitter = new JobSubmitter(clients, topics, run, options);
    }

    RunManifest manifest() {
        return submitter.manifest();
    }

    /** Whether the run is sealed in the end; if not, it was cancelled. */
    boolean run() throws IOException {
        long from = submitter.committedJobs();
        try (PlannedJobs jobs = plan.open(from)) {
            return submitter.submit(jobs);
        }
    }

    @Override
    public void close() {
        submitter.close();
    }

    /** Those of the jobs that are wanted. */
    static Iterator<Job> jobs(PlannedJobs jobs, Predicate<JobId> wanted) {
        Iterable<Job> all = () -> jobs;
        return StreamSupport.stream(all.spliterator(), false)
                .filter(job -> wanted.test(job.id()))
                .iterator();
    }
}
