package io.millrace.producer.files;

import java.io.Closeable;
import java.io.IOException;

/**
 * A file that grows by lines through a buffer and knows its length.
 *
 * <p>Confined to the collecting thread.
 */
final class LineFile implements Closeable {
    private final Disk.Appender appender;
    private final byte[] buffer = new byte[1 << 16];
    private int buffered;
    private long length;

    LineFile(Disk.Appender appender, long length) {
        this.appender = appender;
        this.length = length;
    }

    void write(byte[] bytes, int start, int count) throws IOException {
        length += count;
        if (count > buffer.length - buffered) {
            flush();
        }
        if (count > buffer.length) {
            appender.write(bytes, start, count);
        } else {
            System.arraycopy(bytes, start, buffer, buffered, count);
            buffered += count;
        }
    }

    /** With what is still in the buffer. */
    long length() {
        return length;
    }

    /** Makes all lines so far durable. */
    void force() throws IOException {
        flush();
        appender.force();
    }

    private void flush() throws IOException {
        if (buffered > 0) {
            appender.write(buffer, 0, buffered);
            buffered = 0;
        }
    }

    /** Drops what is still in the buffer. */
    @Override
    public void close() throws IOException {
        appender.close();
    }
}
