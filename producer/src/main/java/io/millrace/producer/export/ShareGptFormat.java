package io.millrace.producer.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.job.Message;
import java.util.List;

/** ShareGPT conversations as FastChat has them. Immutable. */
record ShareGptFormat() implements ExportFormat {

    @Override
    public List<ObjectNode> rows(ExportRow row) {
        return row.completions().stream()
                .map(completion -> {
                    ArrayNode turns = Rows.NODES.arrayNode();
                    for (Message message : row.messages()) {
                        turns.add(turn(from(message.role()), message.content()));
                    }
                    turns.add(turn("gpt", completion.text()));
                    ObjectNode node = Rows.NODES.objectNode().put("id", row.sampleId(completion));
                    node.set("conversations", turns);
                    return node;
                })
                .toList();
    }

    private static ObjectNode turn(String from, String value) {
        return Rows.NODES.objectNode().put("from", from).put("value", value);
    }

    private static String from(String role) {
        return switch (role) {
            case Message.USER -> "human";
            case Message.ASSISTANT -> "gpt";
            default -> role;
        };
    }

    @Override
    public boolean needsPrompts() {
        return true;
    }

    @Override
    public List<Column> columns() {
        return List.of();
    }
}
