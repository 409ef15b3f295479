package io.millrace.producer.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Keeps an output folder to one process. The lock's file stays, since taking it away would let two in; the operating
 * system frees the lock when its process ends, however it ends.
 *
 * <p>Thread-safe.
 */
final class FolderLock implements Closeable {
    private static final String FILE = ".millrace-lock";

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    static FolderLock take(Path folder) throws IOException {
        return tryTake(folder)
                .orElseThrow(
                        () -> new OutputException(
                                folder
                                        + ": another millrace process writes here; wait for it, stop it, or choose another folder by -o"));
    }

    /** Empty when another process or another part of this one has it. */
    static Optional<FolderLock> tryTake(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return Optional.of(new FolderLock(channel));
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
