package io.millrace.producer.megatron;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a Megatron mmap dataset by the description of its format, strictly, and knows nothing of the writer. */
final class MegatronReader {

    private MegatronReader() {}

    static List<int[]> read(Path stem) throws IOException {
        ByteBuffer idx = little(stem + ".idx");
        ByteBuffer bin = little(stem + ".bin");
        byte[] magic = new byte[9];
        idx.get(magic);
        require(new String(magic, StandardCharsets.US_ASCII).equals("MMIDIDX\0\0"), "magic");
        require(idx.getLong() == 1, "version");
        byte type = idx.get();
        require(type == 8 || type == 4, "type");
        int width = type == 8 ? 2 : 4;
        int sequences = Math.toIntExact(idx.getLong());
        require(idx.getLong() == 1, "one document start");
        int[] sizes = new int[sequences];
        for (int i = 0; i < sequences; i++) {
            sizes[i] = idx.getInt();
        }
        List<int[]> found = new ArrayList<>();
        for (int i = 0; i < sequences; i++) {
            int at = Math.toIntExact(idx.getLong());
            int[] values = new int[sizes[i]];
            for (int j = 0; j < values.length; j++) {
                values[j] = width == 2 ? Short.toUnsignedInt(bin.getShort(at + 2 * j)) : bin.getInt(at + 4 * j);
            }
            found.add(values);
        }
        require(idx.getLong() == 0, "document start 0");
        require(!idx.hasRemaining(), "end of index");
        require(
                bin.capacity()
                        == found.stream().mapToInt(values -> values.length).sum() * width,
                "length of .bin");
        return found;
    }

    private static ByteBuffer little(String file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(Path.of(file))).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what + " is not as the format says");
        }
    }
}
