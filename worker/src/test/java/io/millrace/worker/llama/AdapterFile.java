package io.millrace.worker.llama;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Writes a LoRA adapter for the tiny model: random numbers of rank 2 on the attention's output in each layer. The format
 * is GGUF version 3 as convert_lora_to_gguf.py writes it.
 */
final class AdapterFile {
    private static final int LAYERS = 8;
    private static final int WIDTH = 256;
    private static final int RANK = 2;
    private static final int ALIGNMENT = 32;
    private static final int STRING = 8;
    private static final int FLOAT = 6;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private AdapterFile() {}

    static Path write(Path file, long seed, float size) throws IOException {
        AdapterFile adapter = new AdapterFile();
        adapter.header();
        Random random = new Random(seed);
        for (int i = 0; i < LAYERS * 2 * WIDTH * RANK; i++) {
            adapter.number(Float.floatToIntBits((float) random.nextGaussian() * size));
        }
        return Files.write(file, adapter.bytes.toByteArray());
    }

    private void header() {
        bytes.writeBytes("GGUF".getBytes(UTF_8));
        number(3);
        number64(LAYERS * 2);
        number64(4);
        text("general.type", "adapter");
        text("adapter.type", "lora");
        text("general.architecture", "llama");
        string("adapter.lora.alpha");
        number(FLOAT);
        number(Float.floatToIntBits(RANK));
        long offset = 0;
        for (int layer = 0; layer < LAYERS; layer++) {
            offset = tensor("blk." + layer + ".attn_output.weight.lora_a", WIDTH, RANK, offset);
            offset = tensor("blk." + layer + ".attn_output.weight.lora_b", RANK, WIDTH, offset);
        }
        while (bytes.size() % ALIGNMENT != 0) {
            bytes.write(0);
        }
    }

    /** F32, whose number among ggml's types is 0; returns where the next one starts. */
    private long tensor(String name, int columns, int rows, long offset) {
        string(name);
        number(2);
        number64(columns);
        number64(rows);
        number(0);
        number64(offset);
        return offset + (long) columns * rows * Float.BYTES;
    }

    private void text(String key, String value) {
        string(key);
        number(STRING);
        string(value);
    }

    private void string(String text) {
        number64(text.length());
        bytes.writeBytes(text.getBytes(UTF_8));
    }

    private void number(int value) {
        bytes.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    private void number64(long value) {
        bytes.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }
}
