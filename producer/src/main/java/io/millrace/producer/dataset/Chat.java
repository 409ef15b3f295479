package io.millrace.producer.dataset;

import io.millrace.job.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * A chat on its way from a dataset into a job: turns are added in order, and an answer at the end is cut off and kept as
 * the reference, since the job is to give that answer itself.
 *
 * <p>Confined to the thread that makes the snapshot.
 */
final class Chat {
    private final List<Message> messages = new ArrayList<>();

    void add(String role, String content) {
        messages.add(new Message(role, content));
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    boolean hasUser() {
        return messages.stream().anyMatch(message -> message.role().equals(Message.USER));
    }

    boolean endsWithAnswer() {
        return !messages.isEmpty() && messages.get(messages.size() - 1).role().equals(Message.ASSISTANT);
    }

    /** Takes the last turn away. */
    String cutLast() {
        return messages.remove(messages.size() - 1).content();
    }

    /** As a JSON array. */
    String json() {
        StringBuilder json = new StringBuilder("[");
        for (Message message : messages) {
            json.append(json.length() > 1 ? "," : "")
                    .append("{\"role\":")
                    .append(JsonText.of(message.role()))
                    .append(",\"content\":")
                    .append(JsonText.of(message.content()))
                    .append('}');
        }
        return json.append(']').toString();
    }
}
