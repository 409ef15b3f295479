package io.millrace.worker.decode;

import io.millrace.job.Job;
import io.millrace.worker.pipeline.Decoder;
import io.millrace.worker.schedule.SavedPrefix;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The decoder in this process: the thread {@code decode-<model>} makes the engine and steps it, the thread {@code
 * tokenize-<model>} turns jobs into tokens beside it. The listener is called on the decode thread, outcomes as one list
 * a step, so it must hand over and return.
 *
 * <p>An engine that fails in too many steps in a row is not made again here: {@link Listener#failed} is called and the
 * loop has ended. The parent of the engine process starts another.
 *
 * <p>Thread-safe.
 */
public final class DecodeLoop implements Decoder {
    private static final Logger LOG = LoggerFactory.getLogger(DecodeLoop.class);
    private static final Arrival WAKE = new Arrival.Wake();

    private final Supplier<Engine> engines;
    private final DecodeSettings settings;
    private final LongSupplier nanoTime;
    private final BlockingQueue<Submission> inbox;
    private final BlockingQueue<Arrival> arrivals;
    private final Thread decodeThread;
    private final String model;
    private List<DecodeLoop> others = List.of();
    private Listener listener;
    private volatile boolean closing;
    /** Why the tokenising thread ended, if it was not told to. */
    private volatile Throwable tokenizingFailed;

    /** What the outside hands over. */
    private sealed interface Submission {
        record Submit(long ticket, Job job, long takenNanos) implements Submission {}

        record Cancel(long ticket) implements Submission {}
    }

    /**
     * @param model its name, for the threads
     * @param engines makes the engine, on the decode thread; an {@link EngineException} of it is told as is
     * @param nanoTime the clock
     */
    public DecodeLoop(String model, Supplier<Engine> engines, DecodeSettings settings, LongSupplier nanoTime) {
        this.model = model;
        this.engines = engines;
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.inbox = new LinkedBlockingQueue<>(settings.inboxCapacity());
        this.arrivals = new ArrayBlockingQueue<>(1024);
        this.decodeThread = new Thread(this::run, "decode-" + model);
        this.decodeThread.setDaemon(true);
    }

    /** Loops of the same model, which get what this one saves; to be told before any of them is started. */
    void shareWith(List<DecodeLoop> loops) {
        others = loops;
    }

    private void share(SavedPrefix saved) {
        for (DecodeLoop other : others) {
            saved.cells().retain();
            if (!other.arrivals.offer(new Arrival.Saved(saved))) {
                saved.cells().release(); // it is behind; it will save that itself if it needs it
            }
        }
    }

    @Override
    public void start(Listener newListener) {
        listener = newListener;
        decodeThread.start();
    }

    @Override
    public void submit(long ticket, Job job) {
        hand(new Submission.Submit(ticket, job, nanoTime.getAsLong()));
    }

    @Override
    public void cancel(long ticket) {
        hand(new Submission.Cancel(ticket));
    }

    /** Ends the loop after the step that is running; what has no outcome by then gets none. */
    @Override
    public void close() {
        closing = true;
        wake();
        if (Thread.currentThread() == decodeThread) {
            return;
        }
        try {
            decodeThread.join(settings.closeWithin().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (decodeThread.isAlive()) {
            LOG.warn("model={} the engine's step has not ended within {}", model, settings.closeWithin());
        }
    }

    private void hand(Submission submission) {
        if (!inbox.offer(submission)) {
            throw new IllegalStateException("the engine's inbox holds " + settings.inboxCapacity()
                    + " submissions: bound the jobs in flight below that");
        }
    }

    private void wake() {
        if (!arrivals.offer(WAKE)) {
            LOG.debug("model={} the decode thread has arrivals, so it is awake", model);
        }
    }

    private void run() {
        try (Engine engine = engines.get()) {
            serve(engine);
        } catch (EngineException e) {
            LOG.error("model={} the engine has failed: {}", model, e.getMessage());
            listener.failed(e.getMessage());
        } catch (Throwable e) {
            LOG.error("model={} the decode loop has failed", model, e);
            listener.failed("the decode loop has failed: " + e);
        }
    }

    private void serve(Engine engine) throws InterruptedException {
        Thread tokenizeThread = new Thread(() -> tokenize(engine), "tokenize-" + model);
        tokenizeThread.setDaemon(true);
        Decoding decoding = new Decoding(engine, settings, nanoTime, this::share);
        long interval = settings.figuresEvery().toNanos();
        long figuresAt = nanoTime.getAsLong() + interval;
        if (!closing) {
            listener.ready(engine.info());
        }
        tokenizeThread.start();
        try {
            while (!closing) {
                takeArrivals(decoding, figuresAt);
                try {
                    decoding.step();
                } finally {
                    deliver(decoding);
                }
                if (nanoTime.getAsLong() - figuresAt >= 0) {
                    listener.figures(decoding.figures());
                    figuresAt = nanoTime.getAsLong() + interval;
                }
            }
            listener.figures(decoding.figures());
        } finally {
            // The vocabulary goes with the engine: nobody may read it any more.
            tokenizeThread.interrupt();
            tokenizeThread.join();
            decoding.close();
        }
    }

    /** Waits for an arrival only if there is nothing to run, and no longer than until the next figures. */
    private void takeArrivals(Decoding decoding, long figuresAt) throws InterruptedException {
        Arrival next = decoding.idle()
                ? arrivals.poll(figuresAt - nanoTime.getAsLong(), TimeUnit.NANOSECONDS)
                : arrivals.poll();
        while (next != null) {
            decoding.accept(next);
            next = arrivals.poll();
        }
        if (tokenizingFailed != null) {
            throw new IllegalStateException("tokenising has failed", tokenizingFailed);
        }
    }

    private void deliver(Decoding decoding) {
        List<Outcome> outcomes = decoding.takeOutcomes();
        if (!outcomes.isEmpty()) {
            listener.finished(outcomes);
        }
    }

    /** The tokenising thread; it ends when it is interrupted. */
    private void tokenize(Engine engine) {
        try {
            PromptReader reader = new PromptReader(engine.tokenizer(), engine.info());
            while (!closing) {
                Submission submission = inbox.take();
                if (submission instanceof Submission.Submit submit) {
                    arrivals.put(reader.read(submit.ticket(), submit.job(), submit.takenNanos()));
                } else if (submission instanceof Submission.Cancel cancel) {
                    arrivals.put(new Arrival.Cancelled(cancel.ticket()));
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("model={} tokenising ends", model);
        } catch (Throwable e) {
            tokenizingFailed = e;
            wake();
        }
    }
}
