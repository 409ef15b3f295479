package io.millrace.worker.gguf;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The metadata of a header: whole numbers as Long, others as Double, flags, texts, arrays by kind and number. */
final class Metadata {
    static final int U8 = 0;
    static final int I8 = 1;
    static final int U16 = 2;
    static final int I16 = 3;
    static final int U32 = 4;
    static final int I32 = 5;
    static final int F32 = 6;
    static final int FLAG = 7;
    static final int TEXT = 8;
    static final int ARRAY = 9;
    static final int U64 = 10;
    static final int I64 = 11;
    static final int F64 = 12;

    private static final int MOST_KEY_BYTES = 1 << 10;
    /** Longer ones, such as chat templates, are passed over: a hostile file may have gigabytes of them. */
    private static final int MOST_TEXT_BYTES = 1 << 12;

    private static final int MOST_TOKENS = 1 << 22;

    private Metadata() {}

    static Map<String, Object> read(HeaderBytes in, int keys) throws IOException, GgufException {
        Map<String, Object> metadata = new HashMap<>();
        for (int i = 0; i < keys; i++) {
            String key = in.text("metadata key " + i, MOST_KEY_BYTES);
            String shown = GgufHeader.shown(key);
            Object value = value(in, in.i32("the type of " + shown), shown);
            if (metadata.put(key, value) != null) {
                throw new GgufException("metadata key " + shown + " is there twice");
            }
        }
        return metadata;
    }

    private static Object value(HeaderBytes in, int type, String key) throws IOException, GgufException {
        return switch (type) {
            case U8 -> (long) in.u8(key);
            case I8 -> (long) (byte) in.u8(key);
            case U16 -> (long) (in.u8(key) | in.u8(key) << 8);
            case I16 -> (long) (short) (in.u8(key) | in.u8(key) << 8);
            case U32 -> in.i32(key) & 0xffffffffL;
            case I32 -> (long) in.i32(key);
            case F32 -> (double) Float.intBitsToFloat(in.i32(key));
            case FLAG -> flag(in, key);
            case TEXT -> text(in, key);
            case ARRAY -> array(in, key);
            case U64, I64 -> in.i64(key);
            case F64 -> Double.longBitsToDouble(in.i64(key));
            default ->
                throw new GgufException("metadata key " + key + " is of type " + Integer.toUnsignedString(type)
                        + "; there are 0 to " + F64 + " (" + in.where() + ")");
        };
    }

    private static Object text(HeaderBytes in, String key) throws IOException, GgufException {
        long bytes = in.count("the length of " + key, Math.max(0, in.remaining() - Long.BYTES));
        if (bytes <= MOST_TEXT_BYTES) {
            return in.text((int) bytes, key);
        }
        in.skip(bytes, key);
        return new GgufHeader.Array(U8, bytes);
    }

    private static boolean flag(HeaderBytes in, String key) throws IOException, GgufException {
        int value = in.u8(key);
        if (value > 1) {
            throw new GgufException("metadata key " + key + " is a flag of " + value + "; it must be 0 or 1");
        }
        return value == 1;
    }

    private static GgufHeader.Array array(HeaderBytes in, String key) throws IOException, GgufException {
        int type = in.i32("the type of the values of " + key);
        int width = width(type);
        if (width == 0) {
            throw new GgufException("metadata key " + key + " is an array of type " + Integer.toUnsignedString(type)
                    + ", which there is not (" + in.where() + ")");
        }
        // A text takes eight bytes for its length at the least.
        long count = in.count("the length of array " + key, Math.max(0, in.remaining() - Long.BYTES) / width);
        if (type != TEXT) {
            in.skip(count * width, key);
        } else {
            texts(in, key, count);
        }
        return new GgufHeader.Array(type, count);
    }

    /** Two equal tokens would end the process in llama.cpp; empty ones it names itself. */
    private static void texts(HeaderBytes in, String key, long count) throws IOException, GgufException {
        boolean distinct = key.equals(MetadataRules.TOKENS);
        if (distinct && count > MOST_TOKENS) {
            throw new GgufException(key + " has " + count + " entries; there may be " + MOST_TOKENS);
        }
        long[] hashes = new long[distinct ? (int) count : 0];
        int known = 0;
        for (long i = 0; i < count; i++) {
            long length = in.count("the length of a text in " + key, in.remaining());
            if (!distinct) {
                in.skip(length, key);
            } else {
                hashes[known] = in.hash(length, key);
                known += hashes[known] == 0 ? 0 : 1;
            }
        }
        Arrays.sort(hashes, 0, known);
        for (int i = 1; i < known; i++) {
            if (hashes[i] == hashes[i - 1]) {
                throw new GgufException("the vocabulary has a token twice");
            }
        }
    }

    private static int width(int type) {
        return switch (type) {
            case U8, I8, FLAG -> 1;
            case U16, I16 -> 2;
            case U32, I32, F32 -> 4;
            case U64, I64, F64, TEXT -> 8;
            default -> 0;
        };
    }
}
