package io.millrace.producer.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.job.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads the array {@code messages} of OpenAI's chat completions. A content of several text parts becomes one text, its
 * parts joined by a line's end as llama-server and vLLM do; role {@code developer} is another word for {@code system}.
 * Null and empty fields that OpenAI's own answers carry ({@code tool_calls: null}, {@code annotations: []}) are the same
 * as none.
 *
 * <p>Thread-safe.
 */
final class MessagesReader {
    private static final Map<String, String> ROLES = Map.of(
            "system", Message.SYSTEM,
            "developer", Message.SYSTEM,
            "user", Message.USER,
            "assistant", Message.ASSISTANT,
            "context", "context");

    private MessagesReader() {}

    /** Reads the value on which the parser stands. */
    static List<Message> read(JsonParser parser) throws IOException, LineException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new LineException(
                    "messages", "must be an array of {\"role\", \"content\"}, not " + Values.shown(parser));
        }
        List<Message> messages = new ArrayList<>(3);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            try {
                messages.add(message(parser));
            } catch (LineException e) {
                throw e.under("messages[" + messages.size() + "]");
            }
        }
        if (messages.isEmpty()) {
            throw new LineException("messages", "is empty; give at least one message");
        }
        return messages;
    }

    private static Message message(JsonParser parser) throws IOException, LineException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new LineException("", "must be an object with role and content, not " + Values.shown(parser));
        }
        String role = "";
        String content = "";
        boolean hasContent = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken token = parser.nextToken();
            if (field.equals("role")) {
                role = role(Values.text(parser, field));
            } else if (field.equals("content") && token != JsonToken.VALUE_NULL) {
                content = content(parser);
                hasContent = true;
            } else if (!Values.skipIfEmpty(parser)) {
                throw new LineException(field, "is not known in a message; only role and content are: take it out");
            }
        }
        if (role.isEmpty()) {
            throw new LineException("role", "is missing; give system, user or assistant");
        }
        if (!hasContent) {
            throw new LineException("content", "is missing; give a text");
        }
        return new Message(role, content);
    }

    private static String role(String name) throws LineException {
        String role = ROLES.get(name);
        if (role == null) {
            throw new LineException(
                    "role",
                    "must be system, user or assistant, not '" + name + "'"
                            + (name.equals("tool") || name.equals("function") ? "; tools are not supported" : ""));
        }
        return role;
    }

    private static String content(JsonParser parser) throws IOException, LineException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return Values.text(parser, "content");
        }
        StringBuilder text = new StringBuilder();
        int parts = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String part = "content[" + parts + "]";
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new LineException(
                        part, "must be {\"type\": \"text\", \"text\": ...}, not " + Values.shown(parser));
            }
            text.append(parts++ == 0 ? "" : "\n").append(part(parser, part));
        }
        return text.toString();
    }

    private static String part(JsonParser parser, String path) throws IOException, LineException {
        String type = "";
        String text = "";
        boolean hasText = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "type" -> type = Values.text(parser, path + ".type");
                case "text" -> {
                    text = Values.text(parser, path + ".text");
                    hasText = true;
                }
                default -> parser.skipChildren();
            }
        }
        if (!type.equals("text")) {
            throw new LineException(
                    path + ".type", "must be text, not '" + type + "'; images, audio and files are not supported");
        }
        if (!hasText) {
            throw new LineException(path + ".text", "is missing");
        }
        return text;
    }
}
