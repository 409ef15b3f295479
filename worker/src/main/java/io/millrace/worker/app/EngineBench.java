package io.millrace.worker.app;

import io.millrace.worker.decode.DecodeSettings;
import io.millrace.worker.decode.Engine;
import io.millrace.worker.pipeline.EngineFigures;
import io.millrace.worker.pipeline.EngineInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * Runs a mix of jobs through the engine in this process, without Kafka: what the decode loop itself can do, each lane on
 * its own thread with its share of the jobs. The rate of decoding alone is taken first, with all slots full.
 *
 * <p>Confined to the calling thread.
 */
public final class EngineBench {
    private static final double NANOS = 1e9;
    private static final double MILLI_NANOS = 1e6;

    private EngineBench() {}

    /**
     * @throws io.millrace.worker.decode.EngineException when the model does not load or a step fails
     * @throws IllegalArgumentException when the mix does not fit into the engine's slots
     */
    public static BenchReport run(EngineOptions options, BenchMix mix) {
        EngineLayout layout = EngineLayout.of(options);
        List<Supplier<Engine>> engines = EngineMain.engines(options, layout);
        List<BenchLane> lanes = new ArrayList<>();
        for (int lane = 0; lane < engines.size(); lane++) {
            lanes.add(new BenchLane(
                    "bench-" + lane,
                    engines.get(lane),
                    DecodeSettings.of(layout.kvUnified(), layout.prefixCacheBytes())));
        }
        try {
            EngineInfo info =
                    all(lanes, BenchLane::open).stream().reduce(EngineInfo::and).orElseThrow();
            if (mix.mostTokens() > info.slotTokens()) {
                throw new IllegalArgumentException("prompt and completion take up to " + mix.mostTokens()
                        + " tokens, a slot has " + info.slotTokens() + ": give --slot-tokens or a smaller mix");
            }
            return run(lanes, info, mix);
        } finally {
            lanes.forEach(BenchLane::close);
        }
    }

    private static BenchReport run(List<BenchLane> lanes, EngineInfo info, BenchMix mix) {
        all(lanes, lane -> lane.ceiling(mix, true));
        List<BenchLane.Ceiling> ceilings = all(lanes, lane -> lane.ceiling(mix, false));
        for (int lane = 0; lane < lanes.size(); lane++) {
            lanes.get(lane).deal(mix, lane, lanes.size());
        }
        long begin = System.nanoTime();
        List<BenchLane.Ran> ran = all(lanes, BenchLane::runMix);
        double seconds = (System.nanoTime() - begin) / NANOS;
        long[] steps = ran.stream()
                .flatMapToLong(lane -> LongStream.of(lane.stepNanos()))
                .sorted()
                .toArray();
        long seats = ran.stream()
                .mapToLong(lane -> (long) lane.stepNanos().length * lane.slots())
                .sum();
        return new BenchReport(
                info,
                lanes.size(),
                ceilings.stream()
                        .mapToDouble(BenchLane.Ceiling::tokensPerSecond)
                        .sum(),
                ceilings.stream()
                        .mapToDouble(BenchLane.Ceiling::stepMillis)
                        .average()
                        .orElseThrow(),
                mix.jobs(),
                seconds,
                ran.stream()
                        .map(BenchLane.Ran::figures)
                        .reduce(EngineFigures::plus)
                        .orElseThrow(),
                ran.stream().mapToLong(BenchLane.Ran::seatsTaken).sum() / (double) Math.max(1, seats),
                times(steps));
    }

    /** The same on every lane at a time, each on its own thread. */
    private static <T> List<T> all(List<BenchLane> lanes, Function<BenchLane, T> work) {
        List<CompletableFuture<T>> running = lanes.stream()
                .map(lane -> CompletableFuture.supplyAsync(() -> work.apply(lane), lane.thread()))
                .toList();
        try {
            return running.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static BenchReport.StepTimes times(long[] sorted) {
        return new BenchReport.StepTimes(
                Arrays.stream(sorted).average().orElse(0) / MILLI_NANOS,
                at(sorted, 0.5),
                at(sorted, 0.9),
                at(sorted, 0.99),
                at(sorted, 1));
    }

    private static double at(long[] sorted, double share) {
        return sorted.length == 0
                ? 0
                : sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))] / MILLI_NANOS;
    }
}
