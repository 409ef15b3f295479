package io.millrace.system;

import io.millrace.cli.Main;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.KafkaSettings;
import io.millrace.kafka.TopicSetup;
import io.millrace.wire.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;

/**
 * A broker, workers with a timed engine, and commands, each a process of its own, and the means to do them harm. What dies
 * is started again by {@link #revive}, as an orchestrator would.
 *
 * <p>Confined to the test's thread.
 */
final class FaultyCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final long LOOK_AGAIN_NANOS = 20_000_000;
    /** How often a worker is stopped and looked at until it is caught within a transaction. */
    private static final int MOST_CATCHES = 400;

    private final Path folder;
    private final int slots;
    private final int port = freePort();
    private final ScheduledExecutorService thaws = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, ChildJvm> workers = new TreeMap<>();
    private final List<Command> commands = new ArrayList<>();
    private ChildJvm broker;
    private int lastWorker;

    /** A command that must reach its end, however often it is killed. */
    private static final class Command {
        final String name;
        final String[] arguments;
        ChildJvm process;

        Command(String name, String... arguments) {
            this.name = name;
            this.arguments = arguments;
        }
    }

    FaultyCluster(Path folder, int workerCount, int slots) {
        this.folder = folder;
        this.slots = slots;
        startBroker();
        new TopicSetup(clients(), Topics.DEFAULT, PATIENCE).ensure(TimedWorkerMain.MODEL);
        for (int i = 0; i < workerCount; i++) {
            addWorker();
        }
    }

    String bootstrap() {
        return "127.0.0.1:" + port;
    }

    KafkaClients clients() {
        return new KafkaClients(KafkaSettings.of(bootstrap()));
    }

    /** Each start of a job in a worker's engine, as a line with its id. */
    Path starts(String worker) {
        return folder.resolve("starts-" + worker);
    }

    List<String> workers() {
        return List.copyOf(workers.keySet());
    }

    /** Starts a command; its log has this name. */
    void command(String name, String... arguments) {
        Command command = new Command(name, arguments);
        command.process = ChildJvm.start(folder, name, Main.class, arguments);
        commands.add(command);
    }

    /** Whether the command has come to its end: every job answered, or some failed. */
    boolean ended(String name) {
        ChildJvm process = find(name).process;
        return !process.alive() && process.status() <= 1;
    }

    /** Starts again whatever has died. */
    void revive() {
        if (!broker.alive()) {
            startBroker();
        }
        for (Map.Entry<String, ChildJvm> worker : workers.entrySet()) {
            if (!worker.getValue().alive()) {
                worker.setValue(start(worker.getKey()));
            }
        }
        for (Command command : commands) {
            if (!command.process.alive() && command.process.status() > 1) {
                command.process = ChildJvm.start(folder, command.name, Main.class, command.arguments);
            }
        }
    }

    String addWorker() {
        String name = "w" + ++lastWorker;
        workers.put(name, start(name));
        return name;
    }

    /** Tells a worker to stop and waits until it has handed over. */
    void removeWorker(String name) {
        ChildJvm worker = workers.remove(name);
        worker.signal("TERM");
        worker.awaitEnd();
    }

    void killWorker(String name) {
        workers.get(name).kill();
    }

    void killCommand(String name) {
        find(name).process.kill();
    }

    void killBroker() {
        broker.kill();
    }

    void freezeWorker(String name, Duration time) {
        freeze(workers.get(name), time);
    }

    void freezeCommand(String name, Duration time) {
        freeze(find(name).process, time);
    }

    /** Waits until the broker answers. */
    private void brokerUp() throws Exception {
        try (Admin admin = clients().admin("test")) {
            while (true) {
                try {
                    admin.describeCluster().nodes().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                    return;
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException)) {
                        throw e;
                    }
                }
            }
        }
    }

    /** Stops a worker at a moment when its transaction is open; false when none was caught. */
    boolean freezeInTransaction(String name, Duration time) throws Exception {
        brokerUp();
        ChildJvm worker = workers.get(name);
        String id = Topics.DEFAULT.workerTransactionalId(TimedWorkerMain.MODEL, name);
        try (Admin admin = clients().admin("test")) {
            for (int i = 0; i < MOST_CATCHES && worker.alive(); i++) {
                worker.signal("STOP");
                boolean open = false;
                try {
                    open = inTransaction(admin, id);
                } finally {
                    thawLater(worker, open ? time : Duration.ZERO);
                }
                if (open) {
                    return true;
                }
                LockSupport.parkNanos((1 + i % 7) * 1_000_000L);
            }
        }
        return false;
    }

    /** Whether a transaction of this id is open; a worker just started has none that the broker knows of. */
    private static boolean inTransaction(Admin admin, String id) throws Exception {
        try {
            return admin.describeTransactions(List.of(id))
                            .description(id)
                            .get(30, TimeUnit.SECONDS)
                            .state()
                    == TransactionState.ONGOING;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TransactionalIdNotFoundException) {
                return false;
            }
            throw e;
        }
    }

    private void freeze(ChildJvm process, Duration time) {
        process.signal("STOP");
        thawLater(process, time);
    }

    private void thawLater(ChildJvm process, Duration time) {
        thaws.schedule(() -> process.signal("CONT"), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Keeps everything running until the condition holds, at most so long; whether it does. */
    boolean awaitWithin(Duration most, BooleanSupplier condition) {
        long deadline = System.nanoTime() + most.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            revive();
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        return true;
    }

    private Command find(String name) {
        return commands.stream()
                .filter(command -> command.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    private ChildJvm start(String worker) {
        return ChildJvm.start(
                folder,
                worker,
                TimedWorkerMain.class,
                bootstrap(),
                worker,
                Integer.toString(slots),
                starts(worker).toString());
    }

    private void startBroker() {
        broker = ChildJvm.start(
                folder,
                "broker",
                Main.class,
                "broker",
                "--data=" + folder.resolve("kafka"),
                "--host=127.0.0.1",
                "--port=" + port);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        thaws.shutdownNow();
        commands.forEach(command -> command.process.kill());
        workers.values().forEach(ChildJvm::kill);
        broker.kill();
    }
}
