package io.millrace.worker.chat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The text of a sample while it grows by the bytes of one token after the other, up to the first stop text. The stop
 * text that is complete first counts; of several that end with the same byte, the longest. How the bytes are cut into
 * pieces makes no difference.
 *
 * <p>Confined to the decode thread.
 */
public final class OutputText {
    private final StopMatcher stops;
    private final int[] matched;
    private byte[] bytes = new byte[256];
    private int length;
    private boolean stopped;

    public OutputText(StopMatcher stops) {
        this.stops = stops;
        this.matched = new int[stops.count()];
    }

    /**
     * Adds the bytes of a token.
     *
     * @return whether a stop text has come; the text ends before it then and nothing may be added
     */
    public boolean append(byte[] piece) {
        if (stopped) {
            throw new IllegalStateException("the text has ended by a stop text");
        }
        if (length + piece.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + piece.length));
        }
        for (byte next : piece) {
            bytes[length++] = next;
            int stopLength = advance(next);
            if (stopLength > 0) {
                length -= stopLength;
                stopped = true;
                return true;
            }
        }
        return false;
    }

    /** How many bytes have come so far. */
    public int length() {
        return length;
    }

    /**
     * What has come so far. Bytes that are no UTF-8 come out as U+FFFD each; a character that is not complete at the very
     * end is left out.
     */
    public String text() {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        CharBuffer text = CharBuffer.allocate(length);
        // Not told that the input ends here, the decoder leaves an incomplete character unread.
        decoder.decode(ByteBuffer.wrap(bytes, 0, length), text, false);
        return text.flip().toString();
    }

    /** The length of the longest stop text that this byte completes, or 0. */
    private int advance(byte next) {
        int longest = 0;
        for (int stop = 0; stop < matched.length; stop++) {
            int now = stops.advance(stop, matched[stop], next);
            matched[stop] = now;
            if (now == stops.length(stop)) {
                longest = Math.max(longest, now);
            }
        }
        return longest;
    }
}
