package io.millrace.worker.chat;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The stop texts of a job, made ready to be looked for in a stream of UTF-8 bytes (Knuth, Morris, Pratt: Fast Pattern
 * Matching in Strings, 1977). {@link OutputText} holds the state of a search.
 *
 * <p>Immutable.
 */
public final class StopMatcher {
    private final byte[][] texts;
    /** For each text and each count of matched bytes, how many stay matched when the next byte differs. */
    private final int[][] fallbacks;

    public StopMatcher(List<String> stopTexts) {
        texts = new byte[stopTexts.size()][];
        fallbacks = new int[stopTexts.size()][];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = stopTexts.get(i).getBytes(StandardCharsets.UTF_8);
            fallbacks[i] = fallbacks(texts[i]);
        }
    }

    int count() {
        return texts.length;
    }

    int length(int stop) {
        return texts[stop].length;
    }

    /**
     * How many bytes of a stop text are matched after one more byte of the stream.
     *
     * @param matched what this method gave for the byte before, 0 at the start; less than the text's length
     */
    int advance(int stop, int matched, byte next) {
        byte[] text = texts[stop];
        int[] fallback = fallbacks[stop];
        int length = matched;
        while (length > 0 && text[length] != next) {
            length = fallback[length];
        }
        return text[length] == next ? length + 1 : 0;
    }

    private static int[] fallbacks(byte[] text) {
        if (text.length == 0) {
            throw new IllegalArgumentException("a stop text must hold at least one character");
        }
        int[] fallback = new int[text.length];
        int length = 0;
        for (int i = 1; i < text.length; i++) {
            fallback[i] = length;
            while (length > 0 && text[length] != text[i]) {
                length = fallback[length];
            }
            if (text[length] == text[i]) {
                length++;
            }
        }
        return fallback;
    }
}
