package io.millrace.worker.decode;

import io.millrace.job.Job;
import io.millrace.worker.pipeline.Decoder;
import io.millrace.worker.pipeline.EngineFigures;
import io.millrace.worker.pipeline.EngineInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Several decode loops that look like one decoder, each with an engine of its own. On a CPU one thread a lane beats as
 * many threads in one decode: ggml's threads meet after every operation and spin until the last one comes, which costs
 * much beside a busy JVM, while lanes never wait for each other.
 *
 * <p>A job goes to the lane with the fewest samples, all its samples to the same one, since they share their prompt. The
 * listener is called on the lanes' threads.
 *
 * <p>Thread-safe.
 */
public final class Lanes implements Decoder {
    private final List<DecodeLoop> loops = new ArrayList<>();
    private final Map<Long, Placement> placements = new ConcurrentHashMap<>();
    /** Samples without an outcome, by lane. */
    private final AtomicIntegerArray load;

    private final AtomicReferenceArray<EngineInfo> infos;
    /** The lanes' latest figures. */
    private final AtomicReferenceArray<EngineFigures> figures;

    /** Which lanes have told theirs since the sum was told. */
    private final Set<Integer> told = ConcurrentHashMap.newKeySet();

    private final AtomicInteger loading;

    private record Placement(int lane, int samples) {}

    /**
     * @param model its name, for the threads
     * @param engines makes the engines, each on its lane's thread
     * @param nanoTime the clock
     */
    public Lanes(String model, List<Supplier<Engine>> engines, DecodeSettings settings, LongSupplier nanoTime) {
        for (int lane = 0; lane < engines.size(); lane++) {
            loops.add(new DecodeLoop(model + "-" + lane, engines.get(lane), settings, nanoTime));
        }
        for (DecodeLoop loop : loops) {
            loop.shareWith(loops.stream().filter(other -> other != loop).toList());
        }
        load = new AtomicIntegerArray(engines.size());
        infos = new AtomicReferenceArray<>(engines.size());
        figures = new AtomicReferenceArray<>(engines.size());
        loading = new AtomicInteger(engines.size());
    }

    @Override
    public void start(Listener listener) {
        for (int lane = 0; lane < loops.size(); lane++) {
            loops.get(lane).start(new LaneListener(lane, listener));
        }
    }

    @Override
    public void submit(long ticket, Job job) {
        int samples = job.params().n();
        int lane = leastLoaded();
        load.addAndGet(lane, samples);
        placements.put(ticket, new Placement(lane, samples));
        loops.get(lane).submit(ticket, job);
    }

    @Override
    public void cancel(long ticket) {
        Placement placement = placements.get(ticket);
        if (placement != null) {
            loops.get(placement.lane()).cancel(ticket);
            release(ticket);
        }
    }

    /** Not possible without a process of the engine's own. */
    @Override
    public void kill(String reason) {
        throw new UnsupportedOperationException("lanes in this process cannot be killed: " + reason);
    }

    @Override
    public void close() {
        for (DecodeLoop loop : loops) {
            loop.close();
        }
    }

    private int leastLoaded() {
        int best = 0;
        for (int lane = 1; lane < loops.size(); lane++) {
            if (load.get(lane) < load.get(best)) {
                best = lane;
            }
        }
        return best;
    }

    private void release(long ticket) {
        Placement placement = placements.remove(ticket);
        if (placement != null) {
            load.addAndGet(placement.lane(), -placement.samples());
        }
    }

    private final class LaneListener implements Listener {
        private final int lane;
        private final Listener listener;

        LaneListener(int lane, Listener listener) {
            this.lane = lane;
            this.listener = listener;
        }

        @Override
        public void ready(EngineInfo info) {
            infos.set(lane, info);
            if (loading.decrementAndGet() == 0) {
                EngineInfo all = infos.get(0);
                for (int other = 1; other < infos.length(); other++) {
                    all = all.and(infos.get(other));
                }
                listener.ready(all);
            }
        }

        @Override
        public void finished(List<Outcome> outcomes) {
            for (Outcome outcome : outcomes) {
                release(outcome.ticket());
            }
            listener.finished(outcomes);
        }

        @Override
        public void died(String reason) {
            listener.died(reason);
        }

        @Override
        public void failed(String reason) {
            listener.failed(reason);
        }

        /** The sum is told when all have told theirs: a lane that is stuck in a step shows by that. */
        @Override
        public void figures(EngineFigures own) {
            figures.set(lane, own);
            told.add(lane);
            if (told.size() == figures.length()) {
                told.clear();
                EngineFigures sum = figures.get(0);
                for (int other = 1; other < figures.length(); other++) {
                    sum = sum.plus(figures.get(other));
                }
                listener.figures(sum);
            }
        }
    }
}
