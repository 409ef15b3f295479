package io.millrace.worker.app;

import io.millrace.worker.decode.Arrival;
import io.millrace.worker.decode.DecodeSettings;
import io.millrace.worker.decode.Decoding;
import io.millrace.worker.decode.Engine;
import io.millrace.worker.pipeline.Decoder.Outcome;
import io.millrace.worker.pipeline.EngineFigures;
import io.millrace.worker.pipeline.EngineInfo;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * One lane of a benchmark: an engine and what drives it.
 *
 * <p>Confined to its own thread, but for {@link #thread}, {@link #deal} and {@link #close}, which go before or after.
 */
final class BenchLane {
    private static final double NANOS = 1e9;
    private static final double MILLI_NANOS = 1e6;
    private static final int WARM_UP_STEPS = 32;

    private final ExecutorService thread;
    private final Supplier<Engine> maker;
    private final DecodeSettings settings;
    private Engine engine;
    private Decoding mix;
    private long[] stepNanos = new long[1024];
    private int steps;
    private long seatsTaken;

    /** The rate of steps in which every slot decodes and no prompt is read. */
    record Ceiling(double tokensPerSecond, double stepMillis) {}

    /** What the mix gave. */
    record Ran(int slots, EngineFigures figures, long[] stepNanos, long seatsTaken) {}

    BenchLane(String name, Supplier<Engine> maker, DecodeSettings settings) {
        this.settings = settings;
        this.maker = maker;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, name);
            made.setDaemon(true);
            return made;
        });
    }

    ExecutorService thread() {
        return thread;
    }

    EngineInfo open() {
        engine = maker.get();
        return engine.info();
    }

    Ceiling ceiling(BenchMix of, boolean warmUp) {
        int slots = engine.info().slots();
        Decoding decoding = decoding(of.ceiling(slots).arrivals(engine.tokenizer(), System.nanoTime()));
        long nanos = 0;
        long counted = 0;
        EngineFigures before = decoding.figures();
        for (int step = 0; !decoding.idle() && !(warmUp && step == WARM_UP_STEPS); step++) {
            long from = System.nanoTime();
            decoding.step();
            long took = System.nanoTime() - from;
            EngineFigures after = decoding.figures();
            boolean full = after.generatedTokens() - before.generatedTokens() == slots;
            if (full && after.promptTokens() == before.promptTokens()) {
                nanos += took;
                counted++;
            }
            before = after;
        }
        decoding.close();
        return new Ceiling(counted * slots * NANOS / Math.max(1, nanos), nanos / MILLI_NANOS / Math.max(1, counted));
    }

    /** Takes every so many-th job of the mix. */
    void deal(BenchMix of, int lane, int lanes) {
        List<Arrival> all = of.arrivals(engine.tokenizer(), System.nanoTime());
        mix = new Decoding(engine, settings, System::nanoTime);
        for (int i = lane; i < all.size(); i += lanes) {
            mix.accept(all.get(i));
        }
    }

    Ran runMix() {
        EngineFigures before = mix.figures();
        while (!mix.idle()) {
            long from = System.nanoTime();
            mix.step();
            long took = System.nanoTime() - from;
            EngineFigures after = mix.figures();
            note(took, after.runningSequences() + after.finishedSequences() - before.finishedSequences());
            before = after;
        }
        requireAnswered(mix.takeOutcomes());
        mix.close();
        return new Ran(engine.info().slots(), mix.figures(), Arrays.copyOf(stepNanos, steps), seatsTaken);
    }

    private void note(long nanos, long taken) {
        if (steps == stepNanos.length) {
            stepNanos = Arrays.copyOf(stepNanos, steps * 2);
        }
        stepNanos[steps++] = nanos;
        seatsTaken += taken;
    }

    private Decoding decoding(List<Arrival> arrivals) {
        Decoding decoding = new Decoding(engine, settings, System::nanoTime);
        arrivals.forEach(decoding::accept);
        return decoding;
    }

    private static void requireAnswered(List<Outcome> outcomes) {
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Refused refused) {
                throw new IllegalStateException("job " + refused.ticket() + " was refused: " + refused.message());
            }
        }
    }

    /** Frees the engine, on its thread, and waits for that. */
    void close() {
        CompletableFuture.runAsync(
                        () -> {
                            if (engine != null) {
                                engine.close();
                            }
                        },
                        thread)
                .join();
        thread.shutdown();
    }
}
