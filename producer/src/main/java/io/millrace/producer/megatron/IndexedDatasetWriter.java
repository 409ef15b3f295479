package io.millrace.producer.megatron;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;

/**
 * Writes sequences as Megatron's mmap dataset, little-endian. {@code .bin}: the values one behind the other. {@code .idx}:
 * {@code MMIDIDX\0\0}, u64 version 1, u8 type (8 uint16, 4 int32), u64 sequences, u64 documents' starts, i32 sizes, i64
 * byte offsets, i64 documents' starts. As in the original no document is ever ended: there is one start, 0. Memory: 4 bytes
 * a sequence. The files get their names only by {@link #finish}.
 *
 * <p>Confined to the thread that writes.
 */
final class IndexedDatasetWriter implements Closeable {
    private static final byte[] MAGIC = "MMIDIDX\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte INT32 = 4;
    private static final byte UINT16 = 8;
    /** From this size on ids take four bytes, as in the original. */
    private static final int WIDE_VOCABULARY = 65_500;

    private final Path bin;
    private final Path idx;
    private final int width;
    private final OutputStream out;
    private int[] sizes = new int[1024];
    private int sequences;

    /** @param stem the path without .bin and .idx */
    IndexedDatasetWriter(Path stem, int vocabularySize) throws IOException {
        this.bin = stem.resolveSibling(stem.getFileName() + ".bin");
        this.idx = stem.resolveSibling(stem.getFileName() + ".idx");
        this.width = vocabularySize < WIDE_VOCABULARY ? Short.BYTES : Integer.BYTES;
        this.out = new BufferedOutputStream(Files.newOutputStream(partial(bin)), 1 << 16);
    }

    static Path partial(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    static void publish(Path file) throws IOException {
        Files.move(partial(file), file, StandardCopyOption.REPLACE_EXISTING);
    }

    void add(int[] values) throws IOException {
        ByteBuffer bytes = buffer(values.length);
        for (int value : values) {
            put(bytes, value);
        }
        write(bytes, values.length);
    }

    void add(byte[] values) throws IOException {
        ByteBuffer bytes = buffer(values.length);
        for (byte value : values) {
            put(bytes, value);
        }
        write(bytes, values.length);
    }

    private ByteBuffer buffer(int values) {
        return ByteBuffer.allocate(Math.multiplyExact(values, width)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void put(ByteBuffer bytes, int value) {
        if (width == Short.BYTES) {
            bytes.putShort((short) value);
        } else {
            bytes.putInt(value);
        }
    }

    private void write(ByteBuffer bytes, int size) throws IOException {
        out.write(bytes.array());
        if (sequences == sizes.length) {
            sizes = Arrays.copyOf(sizes, sequences * 2);
        }
        sizes[sequences++] = size;
    }

    /** Writes the index, gives both files their names, the index last, and says which they are. */
    List<Path> finish() throws IOException {
        out.close();
        try (OutputStream index = new BufferedOutputStream(Files.newOutputStream(partial(idx)))) {
            index.write(header());
            ByteBuffer value = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < sequences; i++) {
                index.write(value.putInt(0, sizes[i]).array(), 0, Integer.BYTES);
            }
            long offset = 0;
            for (int i = 0; i < sequences; i++) {
                index.write(value.putLong(0, offset).array());
                offset += (long) sizes[i] * width;
            }
            index.write(value.putLong(0, 0).array());
        }
        publish(bin);
        publish(idx);
        return List.of(bin, idx);
    }

    private byte[] header() {
        return ByteBuffer.allocate(MAGIC.length + 1 + 3 * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .putLong(1)
                .put(width == Short.BYTES ? UINT16 : INT32)
                .putLong(sequences)
                .putLong(1)
                .array();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
