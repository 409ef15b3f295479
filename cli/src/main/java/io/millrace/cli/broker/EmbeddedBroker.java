package io.millrace.cli.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A single Kafka node, broker and KRaft controller in one, on a folder that outlives it. The only class that knows
 * Kafka's server.
 *
 * <p>Confined to the thread that makes it, until it is up; {@link #close()} may come from any.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(20);
    private static final String CONTROLLER_HOST = "127.0.0.1";
    private static final String LOCK_FILE = "millrace-broker.lock";

    private final BrokerSettings settings;
    private final FileChannel lock;
    private final KafkaRaftServer server;

    private EmbeddedBroker(BrokerSettings settings, FileChannel lock, KafkaRaftServer server) {
        this.settings = settings;
        this.lock = lock;
        this.server = server;
    }

    /**
     * Starts a broker and returns when it takes connections; nothing of it is left if that fails.
     *
     * @param dir its data; made and formatted if it is not there
     * @param host the address to listen on
     * @param port 0 takes a free one
     * @throws BrokerException when the port is taken, the folder is in use, or Kafka does not start
     */
    public static EmbeddedBroker start(Path dir, String host, int port) {
        return start(dir, host, port, Map.of());
    }

    /**
     * The same with further settings of Kafka's broker over Millrace's own, such as those of TLS, logins and rights.
     *
     * @param more by Kafka's names
     */
    public static EmbeddedBroker start(Path dir, String host, int port, Map<String, String> more) {
        FileChannel lock = lock(dir);
        try {
            requireFree(host, port);
            int clients = port == 0 ? freePort(host) : port;
            BrokerSettings settings = new BrokerSettings(
                    dir.toAbsolutePath(), host, advertised(host), clients, freePortBeside(clients), more);
            if (FormerBroker.wasKilled(dir)) {
                FormerBroker.fence(settings);
            }
            format(settings);
            KafkaRaftServer server = startServer(settings);
            log.info("broker up at {}, data in {}", settings.bootstrap(), dir);
            return new EmbeddedBroker(settings, lock, server);
        } catch (RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    /** Where clients find it. */
    public String bootstrap() {
        return settings.bootstrap();
    }

    public int port() {
        return settings.port();
    }

    private static FileChannel lock(Path dir) {
        try {
            Files.createDirectories(dir);
            FileChannel channel =
                    FileChannel.open(dir.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            Optional<FileLock> held = tryLock(channel);
            if (held.isEmpty()) {
                channel.close();
                throw new BrokerException(
                        "a broker is already running on " + dir + ": use that one, stop it, or give another folder");
            }
            return channel;
        } catch (IOException e) {
            throw new BrokerException("cannot keep the broker's data in " + dir + ": " + e.getMessage(), e);
        }
    }

    private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            return Optional.empty(); // by this process
        }
    }

    private static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            log.warn("cannot release the broker's lock: {}", e.getMessage());
        }
    }

    private static void requireFree(String host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (UnknownHostException e) {
            throw new BrokerException("host '" + host + "' is not known: give an address of this machine", e);
        } catch (IOException e) {
            throw new BrokerException(
                    "cannot listen on port " + port + " of " + host + " (" + e.getMessage()
                            + "): stop what listens there, or give another port (0 takes a free one)",
                    e);
        }
    }

    /** On the loopback address; the other port is held meanwhile, since some kernels give a port again that was just free. */
    private static int freePortBeside(int other) {
        try (ServerSocket held = new ServerSocket()) {
            held.setReuseAddress(true);
            held.bind(new InetSocketAddress(InetAddress.getByName(CONTROLLER_HOST), other));
            return freePort(CONTROLLER_HOST);
        } catch (IOException e) {
            throw new BrokerException("no free port on " + CONTROLLER_HOST + ": " + e.getMessage(), e);
        }
    }

    private static int freePort(String host) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new BrokerException("no free port on " + host + ": " + e.getMessage(), e);
        }
    }

    /** What clients are told to connect to: a wildcard is no address. */
    private static String advertised(String host) {
        try {
            return InetAddress.getByName(host).isAnyLocalAddress()
                    ? InetAddress.getLocalHost().getHostName()
                    : host;
        } catch (UnknownHostException e) {
            return "127.0.0.1"; // a machine that does not know its own name
        }
    }

    private static void format(BrokerSettings settings) {
        if (Files.exists(settings.dir().resolve("meta.properties"))) {
            return;
        }
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .setNodeId(BrokerSettings.NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(settings.dir().toString())
                    .setMetadataLogDirectory(settings.dir().toString())
                    .setControllerListenerName(BrokerSettings.CONTROLLER)
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setSupportedFeatures(List.copyOf(Feature.PRODUCTION_FEATURES))
                    .setIgnoreFormatted(true)
                    .run();
        } catch (Exception e) {
            throw new BrokerException("cannot format " + settings.dir() + ": " + e.getMessage(), e);
        }
    }

    private static KafkaRaftServer startServer(BrokerSettings settings) {
        KafkaRaftServer server;
        try {
            server = new KafkaRaftServer(KafkaConfig.fromProps(settings.properties(), false), Time.SYSTEM);
        } catch (RuntimeException e) {
            throw new BrokerException(
                    "the broker does not accept the data in " + settings.dir() + ": " + e.getMessage()
                            + ". If it was made by another version, move the folder away",
                    e);
        }
        try {
            server.startup();
            return server;
        } catch (Throwable e) {
            stop(server);
            throw new BrokerException(
                    "the broker did not start on " + settings.bootstrap() + " with " + settings.dir() + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** Threads of a broker that did not start or stop are not daemons: without this they would keep the process. */
    private static void stop(KafkaRaftServer server) {
        Thread stopper = new Thread(
                () -> {
                    server.shutdown();
                    server.awaitShutdown();
                },
                "broker-stop");
        stopper.setDaemon(true);
        stopper.start();
        try {
            stopper.join(CLOSE_PATIENCE.toMillis());
            if (stopper.isAlive()) {
                log.warn("the broker has not stopped within {} s", CLOSE_PATIENCE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops it in order; the data stay. Further calls do nothing. */
    @Override
    public void close() {
        if (lock.isOpen()) {
            stop(server);
            release(lock);
        }
    }
}
