package io.millrace.worker.decode;

import io.millrace.worker.pipeline.Decoder;
import io.millrace.worker.pipeline.EngineFigures;
import io.millrace.worker.pipeline.EngineInfo;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what a decoder says until a test asks for it. Thread-safe. */
public final class RecordingListener implements Decoder.Listener {
    /** Seconds after which nothing more is to be hoped for. */
    public static final int TOO_SLOW = 60;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final ConcurrentSkipListSet<String> threads = new ConcurrentSkipListSet<>();

    /** Something that the decoder said. */
    public sealed interface Event {}

    public record Ready(EngineInfo info) implements Event {}

    public record Finished(List<Decoder.Outcome> outcomes) implements Event {}

    public record Died(String reason) implements Event {}

    public record Failed(String reason) implements Event {}

    public record Figures(EngineFigures figures) implements Event {}

    @Override
    public void ready(EngineInfo info) {
        add(new Ready(info));
    }

    @Override
    public void finished(List<Decoder.Outcome> outcomes) {
        add(new Finished(outcomes));
    }

    @Override
    public void died(String reason) {
        add(new Died(reason));
    }

    @Override
    public void failed(String reason) {
        add(new Failed(reason));
    }

    @Override
    public void figures(EngineFigures figures) {
        add(new Figures(figures));
    }

    /** The next event, which must be of this type; figures are skipped where others are asked for. */
    public <T extends Event> T next(Class<T> type) throws InterruptedException {
        Event event = events.poll(TOO_SLOW, TimeUnit.SECONDS);
        while (event instanceof Figures && type != Figures.class) {
            event = events.poll(TOO_SLOW, TimeUnit.SECONDS);
        }
        if (!type.isInstance(event)) {
            throw new AssertionError("expected " + type.getSimpleName() + ", not " + event);
        }
        return type.cast(event);
    }

    /** The next events until so many attempts have ended, by ticket. */
    public Map<Long, Decoder.Outcome> outcomes(int count) throws InterruptedException {
        Map<Long, Decoder.Outcome> outcomes = new TreeMap<>();
        while (outcomes.size() < count) {
            for (Decoder.Outcome outcome : next(Finished.class).outcomes()) {
                if (outcomes.put(outcome.ticket(), outcome) != null) {
                    throw new AssertionError("ticket " + outcome.ticket() + " ended twice");
                }
            }
        }
        return outcomes;
    }

    /** Names of the threads that called. */
    public List<String> threads() {
        return List.copyOf(threads);
    }

    private void add(Event event) {
        threads.add(Thread.currentThread().getName());
        events.add(event);
    }
}
