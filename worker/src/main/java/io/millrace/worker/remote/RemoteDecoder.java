package io.millrace.worker.remote;

import io.millrace.job.Job;
import io.millrace.worker.pipeline.Decoder;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parent's end of the engine process: starts it, hands jobs over, and starts it again when it dies. The listener is
 * called on the thread {@code engine-reader}, which reads the process's frames and supervises it.
 *
 * <p>An engine that cannot be loaded at all is given up at once with its own words; one that dies before it is ready,
 * after {@link RemoteSettings#failedStarts} deaths in a row.
 *
 * <p>Thread-safe.
 */
public final class RemoteDecoder implements Decoder {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteDecoder.class);

    private final RemoteSettings settings;
    private final Thread reader = new Thread(this::run, "engine-reader");
    private final CountDownLatch closing = new CountDownLatch(1);
    /** The process that is there now, or null. */
    private volatile EngineProcess process;
    /** The process that takes jobs now, or null. */
    private volatile EngineProcess ready;

    private Listener listener;

    /** What is known of a process when it has ended. */
    private record Life(boolean wasReady, boolean answered, Optional<String> failure, String reason) {}

    public RemoteDecoder(RemoteSettings settings) {
        this.settings = settings;
        this.reader.setDaemon(true);
    }

    @Override
    public void start(Listener newListener) {
        listener = newListener;
        reader.start();
    }

    @Override
    public void submit(long ticket, Job job) {
        send(new Frame.Submit(ticket, job));
    }

    @Override
    public void cancel(long ticket) {
        send(new Frame.Cancel(ticket));
    }

    @Override
    public void kill(String reason) {
        EngineProcess running = process;
        if (running != null) {
            LOG.error("the engine process is killed: {}", reason);
            running.kill(reason);
        }
    }

    /** Ends the process: asks first, kills it when the time is over. */
    @Override
    public void close() {
        closing.countDown();
        EngineProcess running = process;
        if (running != null) {
            running.end();
        }
        if (Thread.currentThread() == reader) {
            return;
        }
        try {
            reader.join(settings.closeWithin().toMillis());
            running = process;
            if (running != null) {
                LOG.warn("the engine process has not ended within {}: it is killed", settings.closeWithin());
                running.kill();
                reader.join(settings.closeWithin().toMillis());
            }
        } catch (InterruptedException e) {
            if (running != null) {
                running.kill();
            }
            Thread.currentThread().interrupt();
        }
    }

    private void send(Frame frame) {
        EngineProcess taking = ready;
        if (taking == null) {
            LOG.debug("no engine process takes {}: it is forgotten", frame);
            return;
        }
        if (!taking.send(frame)) {
            throw new IllegalStateException(settings.queueCapacity()
                    + " frames wait for the engine process: bound the jobs in flight below that");
        }
    }

    private void run() {
        try {
            supervise();
        } catch (InterruptedException | RuntimeException e) {
            LOG.error("the supervision of the engine process has failed", e);
            listener.failed("the supervision of the engine process has failed: " + e);
        } finally {
            ready = null;
            EngineProcess running = process;
            if (running != null) {
                running.kill();
            }
        }
    }

    private void supervise() throws InterruptedException {
        boolean everReady = false;
        int failedStarts = 0;
        Duration pause = settings.firstPause();
        while (closing.getCount() > 0) {
            Life life;
            try {
                life = live(EngineProcess.start(settings));
            } catch (IOException e) {
                listener.failed("the engine process cannot be started: " + e.getMessage());
                return;
            }
            if (closing.getCount() == 0) {
                return;
            }
            everReady |= life.wasReady();
            failedStarts = life.wasReady() ? 0 : failedStarts + 1;
            if (life.wasReady()) {
                LOG.warn("{}", life.reason());
                listener.died(life.reason());
            } else if (failedStarts == settings.failedStarts()
                    || !everReady && life.failure().isPresent()) {
                listener.failed(life.reason());
                return;
            } else {
                LOG.warn("start {} of {}: {}", failedStarts, settings.failedStarts(), life.reason());
            }
            if (life.answered()) {
                pause = settings.firstPause();
            }
            if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(settings.longestPause()) > 0 ? settings.longestPause() : twice;
        }
    }

    /** Reads a process's frames until it ends. */
    private Life live(EngineProcess started) throws InterruptedException {
        process = started;
        if (closing.getCount() == 0) {
            started.end();
        }
        boolean wasReady = false;
        boolean answered = false;
        Optional<String> failure = Optional.empty();
        try {
            Optional<Frame> next = started.read();
            while (next.isPresent()) {
                Frame frame = next.get();
                if (frame instanceof Frame.Failed failed) {
                    failure = Optional.of(failed.reason());
                } else {
                    wasReady |= frame instanceof Frame.Ready;
                    answered |= frame instanceof Frame.Finished;
                    tell(frame, started);
                }
                next = started.read();
            }
        } catch (IOException e) {
            started.kill();
            LOG.error("the engine process's frames cannot be read: {}", e.getMessage());
        }
        ready = null;
        String end = started.awaitEnd();
        process = null;
        String reason = failure.orElse(wasReady ? end : end + lastLines(started));
        return new Life(wasReady, answered, failure, reason);
    }

    private void tell(Frame frame, EngineProcess from) throws FrameException {
        if (frame instanceof Frame.Ready up) {
            ready = from;
            listener.ready(up.info());
        } else if (frame instanceof Frame.Finished finished) {
            listener.finished(finished.outcomes());
        } else if (frame instanceof Frame.Figures figures) {
            listener.figures(figures.figures());
        } else {
            throw new FrameException("the engine process sent " + frame + ", which only its parent may send");
        }
    }

    private static String lastLines(EngineProcess ended) {
        String lines = ended.lastLines();
        return lines.isEmpty() ? " before it was ready" : " before it was ready; its last words:\n" + lines;
    }
}
