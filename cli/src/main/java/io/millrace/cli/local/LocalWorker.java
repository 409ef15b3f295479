package io.millrace.cli.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A worker as a child process. One that is killed is started again; one that says why it cannot run is not.
 *
 * <p>Thread-safe.
 */
final class LocalWorker {
    private static final int MOST_RESTARTS = 20;
    private static final long RESTART_PAUSE_MILLIS = 500;

    private final List<String> arguments;
    private final Path log;
    private volatile ChildProcess process;
    private volatile boolean closing;
    private volatile Optional<String> failure = Optional.empty();

    private LocalWorker(List<String> arguments, Path log, ChildProcess process) {
        this.arguments = arguments;
        this.log = log;
        this.process = process;
    }

    /** Starts one and does not wait for it. */
    static LocalWorker start(List<String> arguments, Path log) throws IOException {
        LocalWorker worker = new LocalWorker(arguments, log, process(arguments, log));
        Thread supervisor = new Thread(worker::supervise, "local-supervisor");
        supervisor.setDaemon(true);
        supervisor.start();
        return worker;
    }

    private static ChildProcess process(List<String> arguments, Path log) throws IOException {
        return ChildProcess.start(List.of("-Xmx1g"), arguments, log);
    }

    private void supervise() {
        try {
            for (int restarts = 0; !closing; restarts++) {
                int status = process.awaitEnd();
                if (closing) {
                    return;
                }
                // Statuses above 128 stand for signals: somebody or something killed it.
                if (status <= 128 || restarts == MOST_RESTARTS) {
                    failure = Optional.of("the worker ended with status " + status + ": " + process.lastWords()
                            + " (log: " + log + ")");
                    return;
                }
                Thread.sleep(RESTART_PAUSE_MILLIS);
                process = process(arguments, log);
            }
        } catch (IOException e) {
            failure = Optional.of("the worker cannot be started again: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Why nothing can come of it any more; empty while all is well. */
    Optional<String> failure() {
        return failure;
    }

    /** From now on its end is no failure. */
    void closing() {
        closing = true;
    }

    /** Waits until it has committed what it has and ended. */
    void stop(Duration within) throws InterruptedException {
        process.stop(within);
    }
}
