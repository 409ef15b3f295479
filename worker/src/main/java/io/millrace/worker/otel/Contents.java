package io.millrace.worker.otel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.job.Choice;
import io.millrace.job.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Prompts and answers as attributes, in the conventions' JSON. An attribute holds {@value #MOST_CHARS} characters of text
 * at most, since spans wait in memory; what is beyond ends with an ellipsis.
 *
 * <p>Thread-safe.
 */
final class Contents {
    static final int MOST_CHARS = 16_384;

    private static final ObjectMapper JSON = new ObjectMapper();

    private Contents() {}

    /** The system's messages, which the conventions keep apart. */
    static String instructions(List<Message> messages) {
        Room room = new Room();
        return json(messages.stream()
                .filter(message -> message.role().equals(Message.SYSTEM))
                .map(message -> room.text(message.content()))
                .toList());
    }

    static String input(List<Message> messages) {
        Room room = new Room();
        List<Map<String, Object>> all = new ArrayList<>();
        for (Message message : messages) {
            if (!message.role().equals(Message.SYSTEM)) {
                all.add(Map.of("role", message.role(), "parts", List.of(room.text(message.content()))));
            }
        }
        return json(all);
    }

    static String output(List<Choice> choices) {
        Room room = new Room();
        List<Map<String, Object>> all = new ArrayList<>();
        for (Choice choice : choices) {
            all.add(Map.of(
                    "role",
                    Message.ASSISTANT,
                    "parts",
                    List.of(room.text(choice.text())),
                    "finish_reason",
                    choice.finishReason().wireName()));
        }
        return json(all);
    }

    private static String json(List<Map<String, Object>> value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and lists are always JSON", e);
        }
    }

    /** What an attribute has room for. */
    private static final class Room {
        private int chars = MOST_CHARS;

        Map<String, Object> text(String text) {
            String whole = text;
            if (text.length() > chars) {
                boolean splits = chars > 0 && Character.isHighSurrogate(text.charAt(chars - 1));
                whole = text.substring(0, splits ? chars - 1 : chars) + "…";
            }
            chars -= Math.min(chars, text.length());
            return Map.of("type", "text", "content", whole);
        }
    }
}
