package io.millrace.producer.dataset;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.producer.files.LineException;
import io.millrace.producer.pretokenize.Dialogue;
import io.millrace.producer.pretokenize.Role;
import io.millrace.producer.pretokenize.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A row that holds one whole chat, told by its columns: {@code messages}; {@code conversations} (ShareGPT); {@code
 * conversation} with {@code input} and {@code output} (orca-chat) or with {@code samples} of {@code USER} and {@code
 * ASSISTANT} (megacode-best); {@code prompt} and {@code completion} (megacode). A message may have a {@code context}, which
 * becomes a turn before it.
 *
 * <p>Confined to the thread that reads.
 */
final class ChatRow {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();
    private static final Map<String, Role> ROLES = Map.of(
            "system", Role.SYSTEM,
            "user", Role.USER,
            "human", Role.USER,
            "prompter", Role.USER,
            "assistant", Role.ASSISTANT,
            "gpt", Role.ASSISTANT,
            "chatgpt", Role.ASSISTANT,
            "context", Role.CONTEXT);

    private final JsonNode row;
    private final List<Turn> turns = new ArrayList<>();

    private ChatRow(JsonNode row) {
        this.row = row;
    }

    static Dialogue read(byte[] bytes, int start, int length) throws LineException, IOException {
        JsonNode node = MAPPER.readTree(bytes, start, length);
        if (!node.isObject()) {
            throw new LineException("", "must be a JSON object; write one chat a line");
        }
        ChatRow chat = new ChatRow(node);
        chat.read();
        if (chat.turns.stream().noneMatch(turn -> turn.role() == Role.USER || turn.role() == Role.ASSISTANT)) {
            throw new LineException("", "has no turn of user or assistant; take the row out");
        }
        return new Dialogue(chat.turns);
    }

    private void read() throws LineException, IOException {
        if (row.hasNonNull("messages")) {
            messages();
        } else if (row.hasNonNull("conversations")) {
            system("system");
            shareGpt();
        } else if (row.hasNonNull("conversation")) {
            system("instruction");
            JsonNode samples = row.get("conversation").path("samples");
            if (samples.isMissingNode()) {
                pairs("conversation", row.get("conversation"), "input", "output");
            } else {
                pairs("conversation.samples", samples, "USER", "ASSISTANT");
            }
        } else if (row.hasNonNull("prompt") && row.hasNonNull("completion")) {
            turns.add(new Turn(Role.USER, text("prompt", row.get("prompt"))));
            turns.add(new Turn(Role.ASSISTANT, text("completion", row.get("completion"))));
        } else {
            List<String> names = new ArrayList<>();
            row.fieldNames().forEachRemaining(names::add);
            throw new LineException(
                    "",
                    "has none of messages, conversations, conversation, or prompt with completion; it has "
                            + String.join(", ", names));
        }
    }

    private void system(String column) throws LineException {
        if (row.hasNonNull(column) && !row.get(column).asText().isBlank()) {
            turns.add(new Turn(Role.SYSTEM, text(column, row.get(column))));
        }
    }

    /** A list, or the JSON of one in a text, as CSV files have it. */
    private void messages() throws LineException, IOException {
        JsonNode list = row.get("messages");
        if (list.isTextual()) {
            list = MAPPER.readTree(list.textValue());
        }
        requireList("messages", list);
        for (int i = 0; i < list.size(); i++) {
            JsonNode message = list.get(i);
            String path = "messages[" + i + "]";
            Role role = role(path + ".role", message.path("role"));
            if (message.hasNonNull("context")
                    && !message.get("context").asText().isEmpty()) {
                turns.add(new Turn(Role.CONTEXT, text(path + ".context", message.get("context"))));
            }
            turns.add(new Turn(role, text(path + ".content", message.path("content"))));
        }
    }

    /** An answer before the first question, which ShareGPT's splits leave over, is left out. */
    private void shareGpt() throws LineException {
        JsonNode list = row.get("conversations");
        requireList("conversations", list);
        boolean asked = false;
        for (int i = 0; i < list.size(); i++) {
            String path = "conversations[" + i + "]";
            Role role = role(path + ".from", list.get(i).path("from"));
            asked |= role == Role.USER;
            if (asked || role != Role.ASSISTANT) {
                turns.add(new Turn(role, text(path + ".value", list.get(i).path("value"))));
            }
        }
    }

    private void pairs(String where, JsonNode list, String question, String answer) throws LineException {
        requireList(where, list);
        for (int i = 0; i < list.size(); i++) {
            String path = where + "[" + i + "].";
            turns.add(new Turn(Role.USER, text(path + question, list.get(i).path(question))));
            turns.add(new Turn(Role.ASSISTANT, text(path + answer, list.get(i).path(answer))));
        }
    }

    private static void requireList(String where, JsonNode list) throws LineException {
        if (!list.isArray()) {
            throw new LineException(where, "must be a list, not " + shown(list));
        }
    }

    private static Role role(String where, JsonNode name) throws LineException {
        Role role = ROLES.get(name.asText(""));
        if (role == null) {
            throw new LineException(
                    where, "must be system, user, assistant or context, not " + shown(name) + "; tools have no role");
        }
        return role;
    }

    private static String text(String where, JsonNode text) throws LineException {
        if (!text.isTextual()) {
            throw new LineException(where, "must be a text, not " + shown(text));
        }
        return text.textValue();
    }

    private static String shown(JsonNode value) {
        if (value.isMissingNode()) {
            return "missing";
        }
        String json = value.toString();
        return json.length() > 80 ? json.substring(0, 80) + "..." : json;
    }
}
