package io.millrace.worker.llama;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes the reference model's vocabulary from Llama's: 16 pieces that CodeLlama adds, the seven added tokens as
 * USER_DEFINED with score -1000, the rest up to 32,032 as UNUSED padding, and no BOS, as llama.cpp's converter writes it.
 */
final class ReferenceVocabulary {
    static final int TURN_START = 32021;
    static final int TURN_END = 32022;

    private static final int CODE_LLAMA_PIECES = 16;
    private static final List<String> ADDED =
            List.of("<CLS>", "<SEP>", "<EOD>", "<MASK>", "<PAD>", "<|im_start|>", "<|im_end|>");
    private static final int SIZE = 32032;

    private static final int TYPE_USER_DEFINED = 4;
    private static final int TYPE_UNUSED = 5;
    private static final int GGUF_STRING = 8;
    private static final int GGUF_ARRAY = 9;
    private static final int HEADER = 24;
    private static final int[] GGUF_BYTES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

    private final ByteBuffer in;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private ReferenceVocabulary(ByteBuffer in) {
        this.in = in;
    }

    static void write(Path llamaVocabulary, Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(llamaVocabulary)).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, new ReferenceVocabulary(in).rewrite());
    }

    private byte[] rewrite() {
        long entries = in.getLong(16);
        copy(0, HEADER);
        in.position(HEADER);
        for (long i = 0; i < entries; i++) {
            int from = in.position();
            String key = string();
            int valueAt = in.position() + 4;
            skip(in.getInt());
            switch (key) {
                case "tokenizer.ggml.tokens" -> extend(from, valueAt, ReferenceVocabulary::token);
                case "tokenizer.ggml.scores" ->
                    extend(from, valueAt, index -> number(Float.floatToIntBits(isAdded(index) ? -1000f : 0f)));
                case "tokenizer.ggml.token_type" ->
                    extend(from, valueAt, index -> number(isAdded(index) ? TYPE_USER_DEFINED : TYPE_UNUSED));
                case "tokenizer.ggml.add_bos_token" -> {
                    copy(from, in.position() - 1);
                    out.write(0);
                }
                default -> copy(from, in.position());
            }
        }
        // No tensors follow: what is left is padding.
        while (out.size() % 32 != 0) {
            out.write(0);
        }
        return out.toByteArray();
    }

    private interface Element {
        byte[] bytes(int index);
    }

    /** The array from {@code from} on, with the elements up to SIZE behind it. */
    private void extend(int from, int valueAt, Element element) {
        int count = (int) in.getLong(valueAt + 4);
        copy(from, valueAt + 4);
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(SIZE)
                .array());
        copy(valueAt + 12, in.position());
        for (int index = count; index < SIZE; index++) {
            out.writeBytes(element.bytes(index));
        }
    }

    private static boolean isAdded(int index) {
        int added = index - 32000 - CODE_LLAMA_PIECES;
        return added >= 0 && added < ADDED.size();
    }

    private static byte[] token(int index) {
        String text = isAdded(index) ? ADDED.get(index - 32000 - CODE_LLAMA_PIECES) : "[PAD" + index + "]";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + bytes.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(bytes.length)
                .put(bytes)
                .array();
    }

    private static byte[] number(int bits) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bits)
                .array();
    }

    private String string() {
        byte[] bytes = new byte[(int) in.getLong()];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void skip(int type) {
        if (type == GGUF_STRING) {
            string();
        } else if (type == GGUF_ARRAY) {
            int elementType = in.getInt();
            long count = in.getLong();
            for (long i = 0; i < count; i++) {
                skip(elementType);
            }
        } else {
            in.position(in.position() + GGUF_BYTES[type]);
        }
    }

    private void copy(int from, int to) {
        out.write(in.array(), from, to - from);
    }
}
