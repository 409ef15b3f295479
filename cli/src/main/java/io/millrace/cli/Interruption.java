package io.millrace.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ctrl-C and SIGTERM as a wish: the main thread sees it at its next step, ends in order, and only then the JVM goes.
 *
 * <p>Thread-safe.
 */
final class Interruption implements AutoCloseable {
    private static final Duration END_WITHIN = Duration.ofSeconds(60);

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean wanted;

    Interruption() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::interrupt, "interruption"));
    }

    private void interrupt() {
        wanted = true;
        try {
            if (!ended.await(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("millrace: not stopped within " + END_WITHIN.toSeconds() + " s, ending anyway");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the user wants an end. */
    boolean wanted() {
        return wanted;
    }

    /** Waits for the submitting thread, which ends at its next step once an end is wanted or its run is sealed. */
    void submitterMayEnd(CompletableFuture<Boolean> submitted) {
        wanted = true;
        try {
            submitted.get(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // The collecting side has said what is wrong, or the process ends now.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What had to be ended is ended. */
    @Override
    public void close() {
        ended.countDown();
    }
}
