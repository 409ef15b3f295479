package io.millrace.worker.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * Little-endian numbers and texts from the front of a file, never beyond its end and never more in memory than a short
 * text.
 *
 * <p>Confined to the caller's thread.
 */
final class HeaderBytes {
    private static final int BUFFER_BYTES = 1 << 16;

    private final SeekableByteChannel file;
    private final long size;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    private long buffered;

    HeaderBytes(SeekableByteChannel file) throws IOException {
        this.file = file;
        this.size = file.size();
    }

    long size() {
        return size;
    }

    long position() {
        return buffered + buffer.position();
    }

    long remaining() {
        return size - position();
    }

    int u8(String what) throws IOException, GgufException {
        need(1, what);
        return buffer.get() & 0xff;
    }

    int i32(String what) throws IOException, GgufException {
        need(Integer.BYTES, what);
        return buffer.getInt();
    }

    long i64(String what) throws IOException, GgufException {
        need(Long.BYTES, what);
        return buffer.getLong();
    }

    /** An unsigned number of 64 bits that must not be more than this. */
    long count(String what, long most) throws IOException, GgufException {
        long value = i64(what);
        if (value < 0 || value > most) {
            throw new GgufException(what + " is " + Long.toUnsignedString(value) + "; it may be at most " + most + " ("
                    + where() + ")");
        }
        return value;
    }

    /** A text with its length before it. */
    String text(String what, int mostBytes) throws IOException, GgufException {
        return text(
                (int) count("the length of " + what, Math.min(mostBytes, Math.max(0, remaining() - Long.BYTES))), what);
    }

    /** A text of so many bytes. */
    String text(int length, String what) throws IOException, GgufException {
        byte[] bytes = new byte[length];
        for (int done = 0; done < length; ) {
            need(1, what);
            int some = Math.min(length - done, buffer.remaining());
            buffer.get(bytes, done, some);
            done += some;
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * FNV-1a of a text of so many bytes, up to its first zero, where a text of C ends: two different ones of a vocabulary
     * have the same about never. 0 for an empty one.
     */
    long hash(long bytes, String what) throws IOException, GgufException {
        long hash = 0xcbf29ce484222325L;
        long length = 0;
        boolean ended = false;
        for (long i = 0; i < bytes; i++) {
            need(1, what);
            byte next = buffer.get();
            ended |= next == 0;
            if (!ended) {
                hash = (hash ^ (next & 0xff)) * 0x100000001b3L;
                length++;
            }
        }
        return length == 0 ? 0 : hash;
    }

    void skip(long bytes, String what) throws IOException, GgufException {
        if (bytes > remaining()) {
            throw new GgufException(what + " ends beyond the file: " + bytes + " bytes from " + where() + " on");
        }
        if (bytes <= buffer.remaining()) {
            buffer.position(buffer.position() + (int) bytes);
            return;
        }
        buffered = position() + bytes;
        buffer.limit(0);
    }

    /** For messages. */
    String where() {
        return "byte " + position() + " of " + size;
    }

    private void need(int bytes, String what) throws IOException, GgufException {
        if (buffer.remaining() >= bytes) {
            return;
        }
        if (remaining() < bytes) {
            throw new GgufException("the file ends within " + what + " (" + where() + "): it is cut short");
        }
        buffered = position();
        buffer.clear();
        file.position(buffered);
        while (buffer.hasRemaining() && file.read(buffer) >= 0) {
            // until the buffer or the file is at its end
        }
        buffer.flip();
        if (buffer.remaining() < bytes) {
            throw new GgufException("the file became shorter while it was read (" + what + ")");
        }
    }
}
