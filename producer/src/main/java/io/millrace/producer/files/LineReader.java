package io.millrace.producer.files;

import com.github.luben.zstd.ZstdIOException;
import io.millrace.wire.Topics;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.ZipException;

/**
 * Bytes into lines, without a copy of each: a line ends with LF or CRLF, the last one may end with the input. A byte
 * order mark of UTF-8 at the start is left out.
 *
 * <p>Confined to the reading thread.
 */
public final class LineReader implements Closeable {
    /**
     * The longest line. A job's record repeats what a line says with more escapes, which can double it, and has a system
     * message beside it; it must stay below {@link Topics#MAX_RECORD_BYTES}.
     */
    public static final int MAX_LINE_BYTES = (Topics.MAX_RECORD_BYTES - (2 << 20)) / 2;

    private static final int FIRST_BUFFER_BYTES = 1 << 17;

    private final String name;
    private final InputStream in;
    private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
    private int start;
    private int length;
    private int next;
    private int filled;
    private long number;
    private boolean tooLong;

    /** Closes the stream with itself. */
    LineReader(String name, InputStream in) throws IOException {
        this.name = name;
        this.in = in;
        boolean more = true;
        while (filled < 3 && more) {
            more = fill();
        }
        if (filled >= 3 && buffer[0] == (byte) 0xEF && buffer[1] == (byte) 0xBB && buffer[2] == (byte) 0xBF) {
            next = 3;
        }
    }

    /** Goes to the next line; false at the end of the input. */
    public boolean advance() throws IOException {
        start = next;
        tooLong = false;
        int scanned = 0;
        while (true) {
            for (int i = start + scanned; i < filled; i++) {
                if (buffer[i] == '\n') {
                    return take(i, i + 1);
                }
            }
            scanned = filled - start;
            if (scanned > MAX_LINE_BYTES) {
                tooLong = true;
                filled = start;
                scanned = 0;
            }
            if (!fill()) {
                return (scanned > 0 || tooLong) && take(filled, filled);
            }
        }
    }

    private boolean take(int end, int nextStart) {
        next = nextStart;
        number++;
        length = end - start;
        if (length > 0 && buffer[end - 1] == '\r') {
            length--;
        }
        tooLong |= length > MAX_LINE_BYTES;
        return true;
    }

    /** Holds this line among others; it changes with the next {@link #advance}. */
    public byte[] bytes() {
        return buffer;
    }

    public int start() {
        return start;
    }

    public int length() {
        return length;
    }

    /** Counted from 1. */
    public long number() {
        return number;
    }

    /** Whether the line is longer than may be; its bytes are then not all there. */
    public boolean tooLong() {
        return tooLong;
    }

    public boolean blank() {
        for (int i = start; i < start + length; i++) {
            byte b = buffer[i];
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return !tooLong;
    }

    /** Moves what is not yet consumed to the front or makes the buffer larger where it is full. */
    private boolean fill() throws IOException {
        if (filled == buffer.length && start > 0) {
            System.arraycopy(buffer, start, buffer, 0, filled - start);
            filled -= start;
            start = 0;
        } else if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        try {
            int read = in.read(buffer, filled, buffer.length - filled);
            filled += Math.max(read, 0);
            return read > 0;
        } catch (EOFException | ZipException | ZstdIOException e) {
            throw new InputException(name + ":" + (number + 1) + ": the compressed data breaks off or is damaged here ("
                    + e.getMessage() + "); copy or download the file again");
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
