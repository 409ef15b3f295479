package io.millrace.cli.local;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A broker and a worker for each model on this machine, as child processes that live as long as this one.
 *
 * <p>Thread-safe.
 */
public final class LocalCluster implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final long CONNECT_PAUSE_MILLIS = 50;
    private static final Duration BROKER_UP_WITHIN = Duration.ofSeconds(60);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(40);

    private final Path folder;
    private final FileChannel lock;
    private final String bootstrap;
    private final ChildProcess broker;
    private final LocalAddresses addresses;
    private final List<LocalWorker> workers = new ArrayList<>();
    private volatile boolean closing;

    private LocalCluster(Path folder, FileChannel lock, String bootstrap, ChildProcess broker) {
        this.folder = folder;
        this.lock = lock;
        this.bootstrap = bootstrap;
        this.broker = broker;
        this.addresses = new LocalAddresses(folder);
    }

    /**
     * Starts all; the broker listens when this returns, the workers are not waited for.
     *
     * @param folder where data and logs are kept
     * @param models the GGUF files
     * @param workerFlags further flags of the workers
     * @throws IOException when another process uses the folder, or a child cannot be started
     */
    public static LocalCluster start(Path folder, List<Path> models, List<String> workerFlags) throws IOException {
        Files.createDirectories(folder);
        FileChannel lock = lock(folder);
        String port = Integer.toString(freePort());
        ChildProcess broker = ChildProcess.start(
                List.of("-Xmx512m"),
                List.of(
                        "broker",
                        "--data=" + folder.resolve("broker"),
                        "--host=" + HOST,
                        "--port=" + port,
                        "--stop-with-stdin"),
                log(folder, "broker"));
        LocalCluster cluster = new LocalCluster(folder, lock, HOST + ":" + port, broker);
        cluster.awaitBroker(Integer.parseInt(port));
        try {
            cluster.addresses.start(cluster.bootstrap);
            for (Path model : models) {
                cluster.startWorker(model, workerFlags);
            }
        } catch (IOException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve("local.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            held = null;
        }
        if (held == null) {
            channel.close();
            throw new IOException(
                    "another run --local uses " + folder + ": wait for its end, or run in another folder");
        }
        return channel;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        }
    }

    /** Clients that come before the broker listens would pause for seconds. */
    private void awaitBroker(int port) throws IOException {
        long start = System.nanoTime();
        while (broker.alive() && System.nanoTime() - start < BROKER_UP_WITHIN.toNanos()) {
            try (Socket socket = new Socket(HOST, port)) {
                return;
            } catch (ConnectException e) {
                pause();
            }
        }
        close();
        throw new IOException(
                "the broker did not start: " + broker.lastWords() + " (log: " + log(folder, "broker") + ")");
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(CONNECT_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while the broker started");
        }
    }

    private static Path log(Path folder, String name) {
        return folder.resolve("log").resolve(name + ".log");
    }

    private void startWorker(Path model, List<String> flags) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "worker",
                "--bootstrap-server=" + bootstrap,
                "--model=" + model.toAbsolutePath(),
                "--instance=local-1",
                "--http-port=0",
                "--stop-with-stdin"));
        arguments.add("--http-address-file=" + addresses.workerFile(workers.size() + 1));
        arguments.addAll(flags);
        String name = workers.isEmpty() ? "worker" : "worker-" + (workers.size() + 1);
        workers.add(LocalWorker.start(arguments, log(folder, name)));
    }

    public String bootstrap() {
        return bootstrap;
    }

    /** Where the children's logs are. */
    public Path logs() {
        return folder.resolve("log");
    }

    /** Why nothing can come of it any more; empty while all is well. */
    public Optional<String> failure() {
        if (!closing && !broker.alive()) {
            return Optional.of("the broker ended: " + broker.lastWords() + " (log: " + log(folder, "broker") + ")");
        }
        return workers.stream().flatMap(worker -> worker.failure().stream()).findFirst();
    }

    /** Stops the workers, which commit what they have, then the broker. */
    @Override
    public void close() throws IOException {
        closing = true;
        workers.forEach(LocalWorker::closing);
        try {
            for (LocalWorker worker : workers) {
                worker.stop(STOP_WITHIN);
            }
            broker.stop(STOP_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            addresses.clear();
            lock.close();
        }
    }
}
