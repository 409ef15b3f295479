package io.millrace.worker.decode;

import io.millrace.job.OutputFormat;
import io.millrace.worker.chat.Segment;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A vocabulary of the 256 bytes, {@code <|im_start|>} and {@code <|im_end|>}. */
public final class ByteTokenizer implements Tokenizer {
    public static final int TURN_START = 256;
    public static final int TURN_END = 257;
    private static final int SIZE = 258;

    @Override
    public int[] encode(List<Segment> prompt) {
        List<Integer> ids = new ArrayList<>();
        for (Segment segment : prompt) {
            if (segment instanceof Segment.Marker marker) {
                ids.add(marker(marker.text()));
            } else if (segment instanceof Segment.Run run) {
                for (byte b : run.text().getBytes(StandardCharsets.UTF_8)) {
                    ids.add(b & 0xff);
                }
            }
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public void check(OutputFormat format) {
        throw new EngineException("this vocabulary knows no grammar");
    }

    @Override
    public byte[] piece(int token) {
        return token < TURN_START ? new byte[] {(byte) token} : new byte[0];
    }

    @Override
    public boolean endsTurn(int token) {
        return token >= TURN_START;
    }

    @Override
    public int size() {
        return SIZE;
    }

    /** The text of the tokens from one index to another; wrapper tokens come out as nothing. */
    static byte[] bytes(int[] tokens, int from, int to) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = from; i < to; i++) {
            if (tokens[i] < TURN_START) {
                bytes.write(tokens[i]);
            }
        }
        return bytes.toByteArray();
    }

    private static int marker(String text) {
        return switch (text) {
            case "<|im_start|>" -> TURN_START;
            case "<|im_end|>" -> TURN_END;
            default -> throw new EngineException("the vocabulary has no token '" + text + "'");
        };
    }
}
