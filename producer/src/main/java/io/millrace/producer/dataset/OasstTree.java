package io.millrace.producer.dataset;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.producer.files.LineException;
import io.millrace.producer.files.RawObject;
import java.io.IOException;
import java.util.Arrays;

/**
 * One message tree of an OASST export.
 *
 * <p>Immutable.
 *
 * @param root the first prompt, with replies below it
 * @param origin where it says to come from
 */
record OasstTree(String id, String state, JsonNode root, String origin) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String READY = "ready_for_export";
    private static final String GENERATED = "millrace run ";

    static OasstTree read(RawObject row) throws LineException, IOException {
        int id = row.find("message_tree_id");
        int prompt = row.find("prompt");
        if (id < 0 || prompt < 0) {
            throw new LineException(
                    id < 0 ? "message_tree_id" : "prompt",
                    "is missing; a line must be a message tree (flat message rows are not read; OpenAssistant's"
                            + " releases have a .trees.jsonl.gz beside them): " + Names.of(row));
        }
        try (var parser = row.value(prompt)) {
            JsonNode root = MAPPER.readTree(parser);
            if (!root.path("text").isTextual() || !root.path("role").isTextual()) {
                throw new LineException("prompt", "must be a message with text and role, not " + row.shown(prompt));
            }
            int state = row.find("tree_state");
            return new OasstTree(row.text(id), state < 0 ? "" : row.text(state), root, origin(row));
        }
    }

    private static String origin(RawObject row) throws LineException, IOException {
        int origin = row.find("origin");
        return origin < 0 || row.token(origin) != JsonToken.VALUE_STRING ? "" : row.text(origin);
    }

    /** Whether {@code export --to oasst-tree} made it of a run. */
    boolean generated() {
        return origin.startsWith(GENERATED);
    }

    /** Whether its prompt is in one of the languages. */
    boolean in(String languages) {
        return Arrays.asList(languages.split("\\s*,\\s*"))
                .contains(root.path("lang").asText());
    }

    /** Whether the loader takes the tree: ready, its prompt reviewed, and the prompt in one of the languages. */
    boolean exported(String languages) {
        return state.equals(READY) && root.path("review_result").asBoolean() && in(languages);
    }

    /** What its jobs carry: the tree's id, so that its threads can be kept together, and the language. */
    String metadata() {
        return "\"message_tree_id\":" + JsonText.of(id) + ",\"lang\":"
                + JsonText.of(root.path("lang").asText());
    }
}
