package io.millrace.simulation;

import io.millrace.job.Choice;
import io.millrace.job.FinishReason;
import io.millrace.job.Job;
import io.millrace.job.Timings;
import io.millrace.job.Usage;
import io.millrace.worker.pipeline.Decoder;
import io.millrace.worker.pipeline.EngineFigures;
import io.millrace.worker.pipeline.EngineInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A scripted engine process: its jobs behave as the world says, it dies and comes back.
 *
 * <p>Confined to its caller's thread.
 */
final class SimEngine implements Decoder {
    private final World world;
    private final SimWorker worker;
    private final int slots;
    private final EventQueue.Channel toWorker;
    private Listener listener;
    private int life;
    private long steps;
    private boolean up;
    private boolean stuck;
    private final Deque<Submitted> waiting = new ArrayDeque<>();
    private final Map<Long, Submitted> running = new HashMap<>();
    private final Set<Long> cancelled = new HashSet<>();

    private record Submitted(long ticket, Job job) {}

    SimEngine(World world, SimWorker worker, int slots) {
        this.world = world;
        this.worker = worker;
        this.slots = slots;
        this.toWorker = world.time.new Channel();
    }

    @Override
    public void start(Listener engineListener) {
        listener = engineListener;
        bringUp();
    }

    private void bringUp() {
        int thisLife = life;
        world.time.afterBetween(50, 500, () -> {
            if (thisLife == life) {
                up = true;
                tell(() -> listener.ready(info()));
            }
        });
    }

    private EngineInfo info() {
        return new EngineInfo(
                "sim.gguf", "00", "sim", "F32", "chatml", "sim", 1, 1, 1, 0, slots, 256, 512, 1, "sim", 1);
    }

    private void tell(Runnable message) {
        toWorker.send(0, 5, () -> worker.whenAwake(message));
    }

    @Override
    public void submit(long ticket, Job job) {
        int thisLife = life;
        world.time.afterBetween(0, 3, () -> {
            if (thisLife == life && up && !cancelled.remove(ticket)) {
                waiting.add(new Submitted(ticket, job));
                fill();
            }
        });
    }

    @Override
    public void cancel(long ticket) {
        if (running.remove(ticket) == null && !waiting.removeIf(s -> s.ticket() == ticket)) {
            cancelled.add(ticket);
        }
        fill();
    }

    private void fill() {
        while (running.size() < slots && !waiting.isEmpty()) {
            Submitted next = waiting.poll();
            running.put(next.ticket(), next);
            world.started(worker, next.job(), running.size(), slots);
            run(next);
        }
    }

    private void run(Submitted job) {
        int thisLife = life;
        Behaviour behaviour = world.behaviour(job.job());
        if (behaviour instanceof Behaviour.Answers answers) {
            world.time.after(answers.millis(), () -> end(thisLife, job, answered(job)));
        } else if (behaviour instanceof Behaviour.RefusedFirst refused) {
            Outcome outcome = world.refuses(job.job(), refused.times())
                    ? new Outcome.Refused(job.ticket(), refused.kind(), "scripted")
                    : answered(job);
            world.time.after(refused.millis(), () -> end(thisLife, job, outcome));
        } else if (behaviour instanceof Behaviour.KillsEngine kills) {
            world.time.after(kills.millis(), () -> {
                if (thisLife == life && running.containsKey(job.ticket())) {
                    die("killed by " + job.job().id());
                }
            });
        } else if (behaviour instanceof Behaviour.KillsWorker kills) {
            world.time.after(kills.millis(), () -> {
                if (thisLife == life && running.containsKey(job.ticket())) {
                    world.crash(worker);
                }
            });
        }
    }

    private static Outcome answered(Submitted job) {
        return new Outcome.Answered(
                job.ticket(),
                List.of(new Choice(0, "ok", FinishReason.STOP, 1, 0)),
                new Usage(1, 1, 0),
                new Timings(0, 0, 0));
    }

    private void end(int itsLife, Submitted job, Outcome outcome) {
        if (itsLife == life && !stuck && running.remove(job.ticket()) != null) {
            EngineFigures figures = new EngineFigures(++steps, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
            tell(() -> {
                listener.figures(figures);
                listener.finished(List.of(outcome));
            });
            fill();
        }
    }

    /** The process is gone; the worker hears of it and starts another. */
    void die(String reason) {
        if (!up) {
            return;
        }
        forgetAll();
        tell(() -> listener.died(reason));
        bringUp();
    }

    /** No step ends any more. */
    void hang() {
        stuck = true;
    }

    @Override
    public void kill(String reason) {
        if (stuck) {
            world.hit(worker);
        }
        die(reason);
    }

    private void forgetAll() {
        stuck = false;
        life++;
        up = false;
        waiting.clear();
        running.clear();
        cancelled.clear();
    }

    /** The jobs in the engine, running or waiting. */
    List<Job> jobs() {
        List<Job> jobs = new ArrayList<>();
        waiting.forEach(s -> jobs.add(s.job()));
        running.values().forEach(s -> jobs.add(s.job()));
        return jobs;
    }

    @Override
    public void close() {
        forgetAll();
    }
}
