package io.millrace.producer.dataset;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.job.Message;
import io.millrace.producer.files.LineException;
import io.millrace.producer.files.RawObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * ShareGPT conversations: {@code conversations} of {@code from} and {@code value}, with {@code system} beside them where
 * there is one. Answers before the first question are left out, as FastChat does; the last answer becomes the
 * metadata's {@code reference}.
 *
 * <p>Thread-safe.
 */
record ShareGptShape(Columns columns) implements RowShape {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Map<String, String> ROLES = Map.of(
            "human", Message.USER,
            "user", Message.USER,
            "gpt", Message.ASSISTANT,
            "chatgpt", Message.ASSISTANT,
            "assistant", Message.ASSISTANT,
            "system", Message.SYSTEM);

    @Override
    public List<RowTask> tasks(RawObject row) throws LineException, IOException {
        int field = row.find("conversations");
        if (field < 0) {
            throw new LineException("conversations", "is missing or null; " + Names.of(row));
        }
        Optional<String> id = ToldShape.id(row, columns);
        row.use(field);
        Chat chat = new Chat();
        int system = row.find("system");
        if (system >= 0) {
            row.use(system);
            if (!row.text(system).isBlank()) {
                chat.add(Message.SYSTEM, row.text(system));
            }
        }
        try (JsonParser parser = row.value(field)) {
            JsonNode turns = MAPPER.readTree(parser);
            if (!turns.isArray()) {
                throw new LineException(
                        "conversations", "must be an array of {\"from\", \"value\"}, not " + row.shown(field));
            }
            for (int i = 0; i < turns.size(); i++) {
                add(chat, turns.get(i), "conversations[" + i + "]");
            }
        }
        if (!chat.hasUser()) {
            throw new LineException("conversations", "has no turn from human; take the row out");
        }
        String metadata = ToldShape.rest(row);
        if (chat.endsWithAnswer()) {
            metadata = Reference.add(metadata, chat.cutLast());
        }
        return List.of(new RowTask(id, "messages", chat.json(), metadata));
    }

    private static void add(Chat chat, JsonNode turn, String path) throws LineException {
        String from = turn.path("from").asText("");
        String role = ROLES.get(from);
        if (role == null) {
            throw new LineException(
                    path + ".from",
                    from.isEmpty()
                            ? "is missing; give human, gpt or system"
                            : "must be human, gpt or system, not '" + from + "'; tools are not supported");
        }
        if (!turn.path("value").isTextual()) {
            throw new LineException(path + ".value", "must be a text, not " + turn.path("value"));
        }
        if (!role.equals(Message.ASSISTANT) || chat.hasUser()) {
            chat.add(role, turn.path("value").textValue());
        }
    }
}
