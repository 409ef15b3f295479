package io.millrace.producer.pretokenize;

import java.util.OptionalInt;

/** A token for each UTF-16 unit, and one before each text, as SentencePiece puts a space there. Thread-safe. */
public final class LetterTokenizer implements Tokenizer {
    public static final int SPACE_BEFORE = 1;

    @Override
    public int size() {
        return 70_000;
    }

    @Override
    public OptionalInt special(String name) {
        return name.equals("</s>") ? OptionalInt.of(2) : OptionalInt.empty();
    }

    @Override
    public int[] encode(String text) {
        int[] ids = new int[text.length() + 1];
        ids[0] = SPACE_BEFORE;
        for (int i = 0; i < text.length(); i++) {
            ids[i + 1] = text.charAt(i);
        }
        return ids;
    }
}
