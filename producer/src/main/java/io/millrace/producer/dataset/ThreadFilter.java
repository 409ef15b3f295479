package io.millrace.producer.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.producer.files.LineException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The threads of a message tree that the reference project's loader keeps for fine-tuning (load_oasst_export, mode sft):
 * from the root to a message without replies, which is an answer or the first reply to one; no message deleted or
 * synthetic; with a top k, every answer ranked below it, where an answer without a rank counts only if it is the one
 * reply to a later message.
 *
 * <p>Thread-safe.
 *
 * @param generated whether the tree was made by a model: its answers are synthetic, and those without a rank are ranked by
 *     their order
 */
record ThreadFilter(OptionalInt topK, boolean generated) {
    private static final String PROMPTER = "prompter";
    private static final String ASSISTANT = "assistant";

    /** From the root to the last message each, depth first. */
    List<List<JsonNode>> threads(JsonNode root) {
        List<List<JsonNode>> kept = new ArrayList<>();
        List<JsonNode> thread = new ArrayList<>();
        thread.add(root);
        visit(thread, kept);
        return kept;
    }

    private void visit(List<JsonNode> thread, List<List<JsonNode>> kept) {
        JsonNode last = thread.get(thread.size() - 1);
        if (keeps(thread)) {
            kept.add(List.copyOf(thread));
        }
        for (JsonNode reply : last.path("replies")) {
            thread.add(reply);
            visit(thread, kept);
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
            if (message.path("deleted").asBoolean()
                    || (message.path("synthetic").asBoolean() && !generated)) {
                return false;
            }
            if (topK.isPresent() && role(message).equals(ASSISTANT) && !ranked(thread, i)) {
                return false;
            }
        }
        return true;
    }

    private boolean ranked(List<JsonNode> thread, int i) {
        JsonNode rank = thread.get(i).path("rank");
        if (rank.isNumber()) {
            return rank.intValue() < topK.getAsInt();
        }
        if (i == 0) {
            return false;
        }
        JsonNode siblings = thread.get(i - 1).path("replies");
        return siblings.size() == 1 || (generated && place(siblings, thread.get(i)) < topK.getAsInt());
    }

    private static int place(JsonNode siblings, JsonNode message) {
        int place = 0;
        while (siblings.get(place) != message) {
            place++;
        }
        return place;
    }

    static void requireAlternating(List<JsonNode> thread) throws LineException {
        for (int i = 0; i < thread.size(); i++) {
            String role = role(thread.get(i));
            if (!role.equals(i % 2 == 0 ? PROMPTER : ASSISTANT)) {
                throw new LineException("prompt", "has two messages of role " + role + " in a row; repair the tree");
            }
        }
    }

    private static String role(JsonNode message) {
        return message.path("role").asText();
    }
}
