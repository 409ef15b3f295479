package io.millrace.worker.chat;

import io.millrace.job.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * The ChatML template: {@code <|im_start|>role\ncontent<|im_end|>\n} for each turn, then {@code
 * <|im_start|>assistant\n}, as the reference model's card gives it. Wrapper tokens come as markers, and the text between
 * two of them as one run, so that no content can open or close a turn. Nothing stands before the first turn: this
 * template has no BOS, whatever the model file says.
 *
 * <p>The answer ends with {@link #TURN_END} or the model's end token; {@link #TURN_START} ends it as well, because the
 * reference model sometimes opens another turn by itself.
 *
 * <p>Immutable.
 */
public final class ChatMl {
    public static final String NAME = "chatml";
    public static final String TURN_START = "<|im_start|>";
    public static final String TURN_END = "<|im_end|>";

    private static final Segment START = new Segment.Marker(TURN_START);
    private static final Segment END = new Segment.Marker(TURN_END);
    private static final Segment NEWLINE = new Segment.Run("\n", true);
    private static final Segment ANSWER = new Segment.Run(Message.ASSISTANT + "\n", true);

    private ChatMl() {}

    /** The prompt that asks for the next turn of the assistant. */
    public static List<Segment> render(List<Message> messages) {
        return render(messages, "");
    }

    /**
     * The prompt that asks for the next turn of the assistant, which begins with a given text.
     *
     * @param prefill perhaps empty
     */
    public static List<Segment> render(List<Message> messages, String prefill) {
        List<Segment> segments = new ArrayList<>(messages.size() * 4 + 2);
        int lastUser = lastUser(messages);
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            segments.add(START);
            segments.add(new Segment.Run(message.role() + "\n" + message.content(), i != lastUser));
            segments.add(END);
            segments.add(NEWLINE);
        }
        segments.add(START);
        segments.add(prefill.isEmpty() ? ANSWER : new Segment.Run(Message.ASSISTANT + "\n" + prefill, true));
        return segments;
    }

    private static int lastUser(List<Message> messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i).role().equals(Message.USER)) {
                return i;
            }
        }
        return -1;
    }
}
