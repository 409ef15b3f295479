package io.millrace.producer.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The changes that the output makes on disk, one step each; tests cut the power between any two. */
interface Disk {

    /** Opens a file at a length, cutting or creating it, to write behind that. */
    Appender append(Path file, long length) throws IOException;

    /** Puts one file in another's place, atomically. */
    void move(Path from, Path to) throws IOException;

    void delete(Path file) throws IOException;

    /** Makes moves and deletions in the folder durable. */
    void forceFolder(Path folder) throws IOException;

    /** Writes at the end of a file; what was written is durable after {@link #force}. */
    interface Appender extends Closeable {
        void write(byte[] bytes, int start, int length) throws IOException;

        void force() throws IOException;
    }

    /** The file system. Thread-safe. */
    Disk FILES = new Disk() {
        @Override
        public Appender append(Path file, long length) throws IOException {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.truncate(length);
            channel.position(length);
            return new Appender() {
                @Override
                public void write(byte[] bytes, int start, int count) throws IOException {
                    ByteBuffer buffer = ByteBuffer.wrap(bytes, start, count);
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                }

                @Override
                public void force() throws IOException {
                    channel.force(false);
                }

                @Override
                public void close() throws IOException {
                    channel.close();
                }
            };
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void delete(Path file) throws IOException {
            Files.deleteIfExists(file);
        }

        @Override
        public void forceFolder(Path folder) throws IOException {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    };

    /** Gives a small file this content, whole or not at all, and durable. */
    default void replace(Path file, byte[] content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (Appender appender = append(temporary, 0)) {
            appender.write(content, 0, content.length);
            appender.force();
        }
        move(temporary, file);
        forceFolder(file.toAbsolutePath().getParent());
    }
}
