package io.millrace.producer.sweep;

import io.millrace.job.InvalidFieldException;
import io.millrace.job.SamplingParams;
import io.millrace.producer.files.CheckedInput;
import io.millrace.producer.files.InputException;
import io.millrace.producer.files.TaskCursor;
import io.millrace.producer.plan.JobPlanner;
import io.millrace.producer.plan.Sweep;
import io.millrace.producer.plan.Task;
import java.io.IOException;

/**
 * Makes every job of a sweep once before the first is published.
 *
 * <p>Immutable.
 *
 * @param jobs how many there are
 * @param samples of all of them
 * @param mostTokens that they may generate
 */
public record SweepCheck(long jobs, long samples, long mostTokens) {

    /** @throws InputException when a task cannot be a job of some point, or has a field {@code sweep} */
    public static SweepCheck of(CheckedInput input, JobPlanner planner) throws IOException {
        MetadataFields fields = new MetadataFields();
        long jobs = 0;
        long samples = 0;
        long tokens = 0;
        try (TaskCursor tasks = input.open(0)) {
            while (tasks.hasNext()) {
                Task task = tasks.next();
                String where = input.name() + ": task '" + task.customId() + "': ";
                if (task.metadata().contains("\"" + Sweep.FIELD + "\"")
                        && fields.text(task.metadata(), Sweep.FIELD).isPresent()) {
                    throw new InputException(
                            where + Sweep.FIELD + ": is the field where a sweep says its point; rename it");
                }
                for (int point = 0; point < planner.jobsPerTask(); point++) {
                    try {
                        SamplingParams params = planner.job(task, jobs).params();
                        samples += params.n();
                        tokens += (long) params.n() * params.maxTokens();
                    } catch (InvalidFieldException e) {
                        throw new InputException(where + e.getMessage());
                    }
                    jobs++;
                }
            }
        }
        return new SweepCheck(jobs, samples, tokens);
    }
}
