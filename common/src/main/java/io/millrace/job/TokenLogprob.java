package io.millrace.job;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * How likely the model found a token of an answer, before any sampler: the natural logarithm of its probability, and those
 * of the most likely tokens in its place, best first.
 *
 * <p>Immutable.
 */
public record TokenLogprob(Scored chosen, List<Scored> top) {

    public TokenLogprob {
        top = List.copyOf(top);
    }

    /**
     * A token.
     *
     * @param token its text; bytes that are no whole character come out as U+FFFD
     * @param bytes its UTF-8, perhaps only a part of a character
     */
    public record Scored(String token, double logprob, List<Integer> bytes) {

        public Scored {
            bytes = List.copyOf(bytes);
        }

        public static Scored of(byte[] piece, double logprob) {
            List<Integer> bytes = new ArrayList<>(piece.length);
            for (byte b : piece) {
                bytes.add(b & 0xff);
            }
            return new Scored(new String(piece, StandardCharsets.UTF_8), logprob, bytes);
        }
    }
}
