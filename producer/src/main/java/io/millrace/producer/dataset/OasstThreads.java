package io.millrace.producer.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.job.Message;
import io.millrace.producer.files.LineException;
import io.millrace.producer.files.RawObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The threads of a message tree that the reference project's loader keeps for fine-tuning (load_oasst_export, mode sft):
 * from the root to a message without replies, which is an answer or the first reply to one; no message deleted or
 * synthetic; with a top k, every answer ranked below it, where an answer without a rank counts only if it is the one
 * reply to a later message. A prompt at the end is cut off; then the last answer becomes the metadata's {@code
 * reference}. The name of a thread is the id of its last message.
 *
 * <p>Thread-safe.
 */
record OasstThreads(Columns columns) implements RowShape {
    private static final String PROMPTER = "prompter";
    private static final String ASSISTANT = "assistant";

    @Override
    public List<RowTask> tasks(RawObject row) throws LineException, IOException {
        OasstTree tree = OasstTree.read(row);
        List<RowTask> tasks = new ArrayList<>();
        if (tree.exported(columns.oasstLang())) {
            List<JsonNode> thread = new ArrayList<>();
            thread.add(tree.root());
            visit(tree, thread, tasks);
        }
        return tasks;
    }

    private void visit(OasstTree tree, List<JsonNode> thread, List<RowTask> tasks) throws LineException {
        JsonNode last = thread.get(thread.size() - 1);
        if (keeps(thread)) {
            tasks.add(task(tree, thread));
        }
        for (JsonNode reply : last.path("replies")) {
            thread.add(reply);
            visit(tree, thread, tasks);
            thread.remove(thread.size() - 1);
        }
    }

    private boolean keeps(List<JsonNode> thread) {
        JsonNode last = thread.get(thread.size() - 1);
        if (thread.size() < 2 || !last.path("replies").isEmpty()) {
            return false;
        }
        JsonNode parent = thread.get(thread.size() - 2);
        if (!role(last).equals(ASSISTANT) && parent.path("replies").get(0) != last) {
            return false;
        }
        for (int i = 0; i < thread.size(); i++) {
            JsonNode message = thread.get(i);
            if (message.path("deleted").asBoolean() || message.path("synthetic").asBoolean()) {
                return false;
            }
            if (columns.oasstTopK().isPresent() && role(message).equals(ASSISTANT) && !ranked(thread, i)) {
                return false;
            }
        }
        return true;
    }

    private boolean ranked(List<JsonNode> thread, int i) {
        JsonNode rank = thread.get(i).path("rank");
        return rank.isNumber()
                ? rank.intValue() < columns.oasstTopK().getAsInt()
                : i > 0 && thread.get(i - 1).path("replies").size() == 1;
    }

    private static RowTask task(OasstTree tree, List<JsonNode> thread) throws LineException {
        Chat chat = new Chat();
        for (int i = 0; i < thread.size(); i++) {
            String role = role(thread.get(i));
            if (!role.equals(i % 2 == 0 ? PROMPTER : ASSISTANT)) {
                throw new LineException("prompt", "has two messages of role " + role + " in a row; repair the tree");
            }
            chat.add(
                    i % 2 == 0 ? Message.USER : Message.ASSISTANT,
                    thread.get(i).path("text").asText());
        }
        if (!chat.endsWithAnswer()) {
            chat.cutLast();
        }
        String reference = chat.cutLast();
        String id = thread.get(thread.size() - 1).path("message_id").asText();
        return new RowTask(Optional.of(id), "messages", chat.json(), Reference.add(tree.metadata(), reference));
    }

    private static String role(JsonNode message) {
        return message.path("role").asText();
    }
}
