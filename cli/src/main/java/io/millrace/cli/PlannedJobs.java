package io.millrace.cli;

import io.millrace.job.Job;
import io.millrace.producer.files.TaskCursor;
import io.millrace.producer.plan.JobPlanner;
import java.util.Iterator;

/** Tasks as jobs. Confined to the thread of the cursor. */
record PlannedJobs(TaskCursor tasks, JobPlanner planner) implements Iterator<Job> {

    @Override
    public boolean hasNext() {
        return tasks.hasNext();
    }

    @Override
    public Job next() {
        long index = tasks.index();
        return planner.job(tasks.next(), index);
    }
}
