package io.millrace.producer.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.job.Message;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * OASST message trees as the reference project's create_synth_import makes them of sampling reports: the prompt's turns
 * one below the other, and under the last one each different sample as a synthetic reply, with the model and its sampling
 * as {@code model_name}. A system message has no place in a tree and is left out; a prompt that does not alternate
 * between user and assistant gives no tree. Ids come from the job's, so that the same run gives the same trees.
 *
 * <p>Immutable.
 *
 * @param runId of the run
 * @param sampling as {@code key=value,...}
 */
record OasstFormat(String runId, String sampling) implements ExportFormat {

    @Override
    public List<ObjectNode> rows(ExportRow row) {
        List<Message> turns = row.messages().stream()
                .filter(message -> !message.role().equals(Message.SYSTEM))
                .toList();
        for (int i = 0; i < turns.size(); i++) {
            if (!turns.get(i).role().equals(i % 2 == 0 ? Message.USER : Message.ASSISTANT)) {
                return List.of();
            }
        }
        if (turns.size() % 2 == 0) {
            return List.of();
        }
        JsonNode lang = row.metadata().path("lang");
        ArrayNode replies = Rows.NODES.arrayNode();
        String parent = id(row, turns.size() - 1);
        Set<String> seen = new HashSet<>();
        for (Completion completion : row.completions()) {
            if (seen.add(completion.text())) {
                ObjectNode reply =
                        message(id(row, turns.size() + completion.index()), completion.text(), "assistant", lang);
                reply.put("parent_id", parent)
                        .put("synthetic", true)
                        .put("model_name", row.model() + (sampling.isEmpty() ? "" : "," + sampling));
                reply.set("replies", Rows.NODES.arrayNode());
                replies.add(reply);
            }
        }
        ObjectNode node = Rows.NODES.objectNode();
        for (int i = turns.size() - 1; i >= 0; i--) {
            node = message(id(row, i), turns.get(i).content(), i % 2 == 0 ? "prompter" : "assistant", lang);
            if (i > 0) {
                node.put("parent_id", id(row, i - 1));
            }
            node.set("replies", replies);
            replies = Rows.NODES.arrayNode().add(node);
        }
        ObjectNode tree =
                Rows.NODES.objectNode().put("message_tree_id", id(row, 0)).put("tree_state", "ranking");
        tree.set("prompt", node);
        tree.put("origin", "millrace run " + runId);
        return List.of(tree);
    }

    private static ObjectNode message(String id, String text, String role, JsonNode lang) {
        return Rows.NODES
                .objectNode()
                .put("message_id", id)
                .put("text", text)
                .put("role", role)
                .put("lang", lang.isTextual() ? lang.textValue() : "en");
    }

    private String id(ExportRow row, int position) {
        return UUID.nameUUIDFromBytes((runId + "-" + row.index() + "/" + position).getBytes(UTF_8))
                .toString();
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
