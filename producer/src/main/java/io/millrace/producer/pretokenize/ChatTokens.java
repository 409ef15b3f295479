package io.millrace.producer.pretokenize;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Dialogues as ChatML: {@code <|im_start|>role\ntext<|im_end|>\n} a turn. Every token of a turn, wrappers included, has the
 * turn's role. The markers are placed by id; text between two of them is tokenised by itself, so that turns joined are
 * equal to turns apart, and a marker that stands in a text stays text.
 *
 * <p>Thread-safe.
 */
public final class ChatTokens {
    static final String START = "<|im_start|>";
    static final String END = "<|im_end|>";

    private static final Dialogue SAMPLE = new Dialogue(List.of(
            new Turn(Role.SYSTEM, "system message"),
            new Turn(Role.CONTEXT, "  context"),
            new Turn(Role.USER, "prompt\n"),
            new Turn(Role.ASSISTANT, "reply")));

    private final Tokenizer tokenizer;
    private final int start;
    private final int end;
    private final int[] newline;

    /** @throws SettingsException when the vocabulary does not tokenise turns apart as it does joined */
    public ChatTokens(Tokenizer tokenizer, SpecialTokens special) {
        this.tokenizer = tokenizer;
        this.start = special.id(START);
        this.end = special.id(END);
        this.newline = tokenizer.encode("\n");
        check();
    }

    /** The text that the tokens of a dialogue spell out. */
    public static String text(Dialogue dialogue) {
        StringBuilder text =
                new StringBuilder(dialogue.chars() + 40 * dialogue.turns().size());
        for (Turn turn : dialogue.turns()) {
            text.append(START).append(body(turn)).append(END).append('\n');
        }
        return text.toString();
    }

    private static String body(Turn turn) {
        return turn.role().label() + "\n" + turn.text();
    }

    public Sequence encode(Dialogue dialogue) {
        int[] ids = new int[dialogue.chars() / 2 + 64];
        byte[] roles = new byte[ids.length];
        int length = 0;
        for (Turn turn : dialogue.turns()) {
            int[] body = tokenizer.encode(body(turn));
            int after = length + body.length + newline.length + 2;
            if (after > ids.length) {
                ids = Arrays.copyOf(ids, Math.max(after, ids.length * 2));
                roles = Arrays.copyOf(roles, ids.length);
            }
            ids[length] = start;
            System.arraycopy(body, 0, ids, length + 1, body.length);
            ids[length + 1 + body.length] = end;
            System.arraycopy(newline, 0, ids, after - newline.length, newline.length);
            Arrays.fill(roles, length, after, turn.role().code());
            length = after;
        }
        return new Sequence(Arrays.copyOf(ids, length), Arrays.copyOf(roles, length));
    }

    /** The ids of a text in which the markers are markers, as the original's tokenizer sees it. */
    public int[] encodeJoined(String text) {
        IntStream ids = IntStream.empty();
        int from = 0;
        while (from < text.length()) {
            int marker = text.startsWith(START, from) ? start : text.startsWith(END, from) ? end : -1;
            if (marker >= 0) {
                ids = IntStream.concat(ids, IntStream.of(marker));
                from += marker == start ? START.length() : END.length();
                continue;
            }
            int to = from + 1;
            while (to < text.length() && !text.startsWith(START, to) && !text.startsWith(END, to)) {
                to++;
            }
            ids = IntStream.concat(ids, Arrays.stream(tokenizer.encode(text.substring(from, to))));
            from = to;
        }
        return ids.toArray();
    }

    private void check() {
        if (!Arrays.equals(encode(SAMPLE).ids(), encodeJoined(text(SAMPLE)))) {
            throw new SettingsException("vocab_file: turns tokenised apart differ from turns joined; this vocabulary"
                    + " cannot be used for chats");
        }
    }
}
