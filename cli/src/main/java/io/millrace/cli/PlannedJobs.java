package io.millrace.cli;

import io.millrace.job.Job;
import io.millrace.producer.files.CheckedInput;
import io.millrace.producer.files.TaskCursor;
import io.millrace.producer.plan.JobPlanner;
import io.millrace.producer.plan.Task;
import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/** Tasks as jobs, in order of their indexes. Confined to one thread. */
final class PlannedJobs implements Iterator<Job>, Closeable {
    private final TaskCursor tasks;
    private final JobPlanner planner;
    private Optional<Task> current = Optional.empty();
    private long next;

    PlannedJobs(CheckedInput input, JobPlanner planner, long fromJob) throws IOException {
        this.planner = planner;
        this.next = fromJob;
        this.tasks = input.open(fromJob / planner.jobsPerTask());
        if (fromJob % planner.jobsPerTask() > 0) {
            current = Optional.of(tasks.next());
        }
    }

    @Override
    public boolean hasNext() {
        return tasks.hasNext() || next % planner.jobsPerTask() > 0;
    }

    @Override
    public Job next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the run has " + next + " jobs");
        }
        if (next % planner.jobsPerTask() == 0) {
            current = Optional.of(tasks.next());
        }
        return planner.job(current.orElseThrow(), next++);
    }

    @Override
    public void close() throws IOException {
        tasks.close();
    }
}
