package io.millrace.producer.plan;

import io.millrace.job.InvalidFieldException;
import io.millrace.job.Message;
import java.util.List;
import java.util.Objects;

/**
 * One row of a user's input, before the run's options apply.
 *
 * <p>Immutable.
 *
 * @param customId the user's name for it, unique in the input
 * @param messages the chat as the input has it, at least one message
 * @param params what the row itself says on sampling
 * @param metadata the row's other fields as one JSON object; empty text where there are none
 */
public record Task(String customId, List<Message> messages, ParamPatch params, String metadata) {

    public Task {
        Objects.requireNonNull(customId, "customId");
        Objects.requireNonNull(params, "params");
        Objects.requireNonNull(metadata, "metadata");
        messages = List.copyOf(messages);
        if (messages.isEmpty()) {
            throw new InvalidFieldException("messages", "[]", "must hold at least one message");
        }
    }
}
