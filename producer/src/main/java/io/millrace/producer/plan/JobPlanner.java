package io.millrace.producer.plan;

import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Makes the jobs of a run: the task's own parameters over the run's, and the run's system message before a chat that has
 * none. In a sweep each task is a job for every point.
 *
 * <p>Immutable.
 */
public final class JobPlanner {
    private final String runId;
    private final long runSeed;
    private final RunOptions options;
    private final TaskFields fields;

    /** For a run without templates. */
    public JobPlanner(String runId, RunOptions options) {
        this(runId, options, TaskFields.NONE);
    }

    /** @param fields reads what templates ask of a task */
    public JobPlanner(String runId, RunOptions options, TaskFields fields) {
        this.runId = Objects.requireNonNull(runId, "runId");
        this.options = Objects.requireNonNull(options, "options");
        this.fields = Objects.requireNonNull(fields, "fields");
        this.runSeed = RunId.seed(runId, options);
    }

    public String runId() {
        return runId;
    }

    public long runSeed() {
        return runSeed;
    }

    public RunOptions options() {
        return options;
    }

    /** How many jobs a task is. */
    public int jobsPerTask() {
        return options.sweep().map(sweep -> sweep.points().size()).orElse(1);
    }

    /**
     * One job of a task.
     *
     * @param task the one with index {@code jobIndex / jobsPerTask()} in the input, counted from 0 without blank and
     *     skipped lines
     * @throws io.millrace.job.InvalidFieldException when a sweep's template names what the task does not have, or its
     *     parameters do not go with the task's
     */
    public Job job(Task task, long jobIndex) {
        JobId id = new JobId(runId, jobIndex);
        if (options.sweep().isEmpty()) {
            return new Job(
                    id,
                    task.customId(),
                    withSystemMessage(task.messages()),
                    task.params().applyTo(options.defaults()),
                    runSeed,
                    task.metadata());
        }
        SweepPoint point = options.sweep().get().pointOf(jobIndex);
        List<Message> chat = point.messages(task, fields);
        return new Job(
                id,
                Sweep.customId(task, point),
                point.system().isPresent() ? chat : withSystemMessage(chat),
                point.params(task, options.defaults()),
                runSeed,
                Sweep.metadata(task, point));
    }

    private List<Message> withSystemMessage(List<Message> messages) {
        if (options.systemMessage().isEmpty()) {
            return messages;
        }
        for (Message message : messages) {
            if (message.role().equals(Message.SYSTEM)) {
                return messages;
            }
        }
        List<Message> chat = new ArrayList<>(messages.size() + 1);
        chat.add(new Message(Message.SYSTEM, options.systemMessage().get()));
        chat.addAll(messages);
        return chat;
    }
}
