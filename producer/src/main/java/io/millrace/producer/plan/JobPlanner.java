package io.millrace.producer.plan;

import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Makes the jobs of a run: the task's own parameters over the run's, and the run's system message before a chat that has
 * none.
 *
 * <p>Immutable.
 */
public final class JobPlanner {
    private final String runId;
    private final long runSeed;
    private final RunOptions options;

    public JobPlanner(String runId, RunOptions options) {
        this.runId = Objects.requireNonNull(runId, "runId");
        this.options = Objects.requireNonNull(options, "options");
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

    /** The job of the task at this index of the input, counted from 0 without blank and skipped lines. */
    public Job job(Task task, long index) {
        return new Job(
                new JobId(runId, index),
                task.customId(),
                withSystemMessage(task.messages()),
                task.params().applyTo(options.defaults()),
                runSeed,
                task.metadata());
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
