package io.millrace.producer.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.job.Message;
import java.util.List;

/** Pieces that rows of several formats have. Thread-safe. */
final class Rows {
    static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Rows() {}

    static ArrayNode messages(List<Message> messages) {
        ArrayNode array = NODES.arrayNode(messages.size() + 1);
        messages.forEach(message -> array.add(turn(message.role(), message.content())));
        return array;
    }

    static ObjectNode turn(String role, String content) {
        return NODES.objectNode().put("role", role).put("content", content);
    }

    static ArrayNode answer(Completion completion) {
        return NODES.arrayNode().add(turn(Message.ASSISTANT, completion.text()));
    }
}
