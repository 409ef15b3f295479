package io.millrace.producer.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.job.Message;
import java.util.List;

/**
 * Alpaca rows: the last prompt is the instruction; earlier turns are LLaMA-Factory's {@code history}, a system message
 * its {@code system}. Immutable.
 */
record AlpacaFormat() implements ExportFormat {

    @Override
    public List<ObjectNode> rows(ExportRow row) {
        return row.completions().stream()
                .map(completion -> {
                    ObjectNode node = Rows.NODES
                            .objectNode()
                            .put("instruction", row.lastPrompt())
                            .put("input", "")
                            .put("output", completion.text());
                    addEarlier(
                            node,
                            row.messages().subList(0, Math.max(0, row.messages().size() - 1)));
                    return node;
                })
                .toList();
    }

    private static void addEarlier(ObjectNode node, List<Message> earlier) {
        ArrayNode history = Rows.NODES.arrayNode();
        String question = "";
        for (Message message : earlier) {
            switch (message.role()) {
                case Message.SYSTEM -> node.put("system", message.content());
                case Message.ASSISTANT -> {
                    history.add(Rows.NODES.arrayNode().add(question).add(message.content()));
                    question = "";
                }
                default -> question = question.isEmpty() ? message.content() : question + "\n\n" + message.content();
            }
        }
        if (!history.isEmpty()) {
            node.set("history", history);
        }
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
