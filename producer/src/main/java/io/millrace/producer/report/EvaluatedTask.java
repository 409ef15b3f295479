package io.millrace.producer.report;

import io.millrace.job.Message;
import java.util.List;
import java.util.Objects;

/**
 * A task and its answers.
 *
 * <p>Immutable.
 *
 * @param messages the chat without a system message; empty where the run was collected without its prompts
 * @param fields the task's other fields as a JSON object
 * @param answers one for each point
 */
public record EvaluatedTask(String id, List<Message> messages, String fields, List<Answer> answers) {

    public EvaluatedTask {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(fields, "fields");
        messages = List.copyOf(messages);
        answers = List.copyOf(answers);
    }
}
