package io.millrace.worker.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A worker's instance id: the host's name and the lowest number that no other worker on this machine holds. A worker
 * that is started again after a crash so gets its earlier id, and with it its partitions, at once.
 *
 * <p>Thread-safe.
 */
public final class InstanceLock implements AutoCloseable {
    private static final int MOST = 1000;

    private final String id;
    private final FileChannel channel;

    private InstanceLock(String id, FileChannel channel) {
        this.id = id;
        this.channel = channel;
    }

    /**
     * Takes the lowest free number.
     *
     * @param folder where the lock files lie, made if need be
     */
    public static InstanceLock take(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (int number = 1; number <= MOST; number++) {
            FileChannel channel = FileChannel.open(
                    folder.resolve("instance-" + number + ".lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new InstanceLock(hostName() + "-" + number, channel);
            }
            channel.close();
        }
        throw new IOException(MOST + " workers hold locks in " + folder + ": name this one by --instance");
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    public String id() {
        return id;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
