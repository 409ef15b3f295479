package io.millrace.worker.gguf;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The header of a GGUF file: metadata and the places of tensors. Reading it checks all of what ggml and llama.cpp trust:
 * lengths and counts against the file's size, types, names that occur twice, tensors that lie beyond the end, and
 * metadata by which memory is sized or divided. The layout is that of {@code ggml/docs/gguf.md}, versions 2 and 3.
 *
 * <p>Immutable.
 *
 * @param version of the format
 * @param metadata scalars and short texts by key, and what is known of arrays
 * @param tensors how many there are
 * @param bytes of the header, from the file's beginning
 */
public record GgufHeader(int version, Map<String, Object> metadata, int tensors, long bytes) {
    private static final int MAGIC = 'G' | 'G' << 8 | 'U' << 16 | 'F' << 24;
    private static final int MOST_KEYS = 1 << 12;
    private static final int MOST_TENSORS = 1 << 17;
    private static final int MOST_NAME_BYTES = 63;
    private static final int MOST_DIMENSIONS = 4;
    private static final int DEFAULT_ALIGNMENT = 32;
    private static final int MOST_ALIGNMENT = 1 << 20;
    /** More than any type packs into a byte. */
    private static final long MOST_VALUES_A_BYTE = 8;

    public GgufHeader {
        metadata = Map.copyOf(metadata);
    }

    /** Of an array, the kind of its values and their number; a long text counts as one of bytes. */
    public record Array(int type, long count) {}

    /**
     * Reads and checks the header of a file.
     *
     * @throws GgufException naming the place, the value and what is allowed
     * @throws IOException when the file cannot be read
     */
    public static GgufHeader read(Path file) throws IOException, GgufException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            return read(channel);
        }
    }

    static GgufHeader read(SeekableByteChannel channel) throws IOException, GgufException {
        HeaderBytes in = new HeaderBytes(channel);
        if (in.size() < Integer.BYTES || in.i32("the magic") != MAGIC) {
            throw new GgufException("it is not GGUF (it does not begin with those four letters)");
        }
        int version = in.i32("the version");
        if (version != 2 && version != 3) {
            throw new GgufException(
                    (version & 0xffff) == 0
                            ? "it is GGUF for machines of the other byte order"
                            : "it is GGUF of version " + Integer.toUnsignedString(version)
                                    + "; llama.cpp reads 2 and 3");
        }
        int tensors = (int) in.count("the number of tensors", MOST_TENSORS);
        int keys = (int) in.count("the number of metadata keys", MOST_KEYS);
        Map<String, Object> metadata = Metadata.read(in, keys);
        MetadataRules.check(metadata, tensors);
        long bytes = tensors(in, tensors, alignment(metadata));
        return new GgufHeader(version, metadata, tensors, bytes);
    }

    private static int alignment(Map<String, Object> metadata) throws GgufException {
        Object value = metadata.getOrDefault("general.alignment", (long) DEFAULT_ALIGNMENT);
        if (!(value instanceof Long number) || number < 1 || number > MOST_ALIGNMENT || Long.bitCount(number) != 1) {
            throw new GgufException(
                    "general.alignment is " + value + "; it must be a power of 2 up to " + MOST_ALIGNMENT);
        }
        return number.intValue();
    }

    /** The header's length. */
    private static long tensors(HeaderBytes in, int count, int alignment) throws IOException, GgufException {
        Set<String> names = new HashSet<>();
        Map<String, Long> ends = new HashMap<>();
        long next = 0;
        for (int i = 0; i < count; i++) {
            String name = in.text("the name of tensor " + i, MOST_NAME_BYTES);
            if (!names.add(name)) {
                throw new GgufException("tensor '" + shown(name) + "' is there twice");
            }
            Shape shape = shape(in, name);
            int type = in.i32("the type of tensor " + i);
            long offset = in.count("the offset of tensor '" + shown(name) + "'", Long.MAX_VALUE);
            long bytes = bytes(name, type, shape, in.size());
            if (offset != next) {
                throw new GgufException("tensor '" + shown(name) + "' is at offset " + offset + " of the data, where "
                        + next + " was expected");
            }
            next = padded(offset + bytes, alignment);
            ends.put(name, offset + bytes);
        }
        long data = padded(in.position(), alignment);
        for (Map.Entry<String, Long> end : ends.entrySet()) {
            if (data + end.getValue() > in.size()) {
                throw new GgufException("tensor '" + shown(end.getKey()) + "' ends at byte " + (data + end.getValue())
                        + ", but the file has " + in.size() + ": it is cut short");
            }
        }
        return in.position();
    }

    private record Shape(long row, long values) {}

    private static Shape shape(HeaderBytes in, String name) throws IOException, GgufException {
        int dimensions = in.i32("the number of dimensions of tensor '" + shown(name) + "'");
        if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
            throw new GgufException("tensor '" + shown(name) + "' has " + Integer.toUnsignedString(dimensions)
                    + " dimensions; there may be 1 to " + MOST_DIMENSIONS);
        }
        long values = 1;
        long row = 0;
        for (int i = 0; i < dimensions; i++) {
            long length = in.count("a dimension of tensor '" + shown(name) + "'", Integer.MAX_VALUE);
            if (length == 0 || values > in.size() * MOST_VALUES_A_BYTE / length) {
                throw new GgufException("tensor '" + shown(name) + "' has a dimension of " + length + " after " + values
                        + " values; the file has " + in.size() + " bytes");
            }
            values *= length;
            row = i == 0 ? length : row;
        }
        return new Shape(row, values);
    }

    private static long bytes(String name, int type, Shape shape, long mostBytes) throws GgufException {
        TensorType known = TensorType.of(type)
                .orElseThrow(() -> new GgufException("tensor '" + shown(name) + "' is of type "
                        + Integer.toUnsignedString(type)
                        + ", which this build does not know; take another quantisation of the model"));
        if (shape.row() % known.blockValues() != 0) {
            throw new GgufException("tensor '" + shown(name) + "' has rows of " + shape.row()
                    + " values, no multiple of " + known.blockValues() + " as " + known + " wants");
        }
        long bytes = known.bytes(shape.values());
        if (bytes > mostBytes) {
            throw new GgufException("tensor '" + shown(name) + "' has " + shape.values() + " values of " + known
                    + ", more than the file of " + mostBytes + " bytes holds");
        }
        return bytes;
    }

    private static long padded(long bytes, int alignment) {
        return (bytes + alignment - 1) / alignment * alignment;
    }

    /** A name as a message may hold it: a hostile one may be long or hold control characters. */
    static String shown(String name) {
        String clean = name.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() <= 80 ? clean : clean.substring(0, 80) + "...";
    }
}
