package io.millrace.cli.watch;

import io.millrace.producer.view.ClusterPicture;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks again and again on a thread of its own, and passes the pictures on.
 *
 * <p>Thread-safe.
 */
public final class WatchThread implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final long END_WITHIN_MILLIS = 3_000;

    private final ClusterWatch watch;
    private final Consumer<ClusterPicture> onPicture;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "watch");
    private volatile Optional<RuntimeException> failure = Optional.empty();

    private WatchThread(ClusterWatch watch, Consumer<ClusterPicture> onPicture) {
        this.watch = watch;
        this.onPicture = onPicture;
    }

    /** @param onPicture told each picture, on the watching thread */
    public static WatchThread start(ClusterWatch watch, Consumer<ClusterPicture> onPicture) {
        WatchThread started = new WatchThread(watch, onPicture);
        started.thread.setDaemon(true);
        started.thread.start();
        return started;
    }

    private void run() {
        try (watch) {
            do {
                onPicture.accept(watch.look());
            } while (!stopped.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException | CancellationException e) {
            Thread.currentThread().interrupt(); // it is to stop
        } catch (RuntimeException e) {
            failure = Optional.of(e);
        }
    }

    /** @throws RuntimeException what ended the watching, if anything did */
    public void check() {
        failure.ifPresent(e -> {
            throw e;
        });
    }

    @Override
    public void close() {
        stopped.countDown();
        thread.interrupt();
        try {
            thread.join(END_WITHIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
