package io.millrace.simulation;

import io.millrace.job.Choice;
import io.millrace.job.FinishReason;
import io.millrace.job.Job;
import io.millrace.job.Timings;
import io.millrace.job.Usage;
import io.millrace.worker.pipeline.Decoder;
import io.millrace.worker.pipeline.EngineFigures;
import io.millrace.worker.pipeline.EngineInfo;
import io.millrace.worker.schedule.Scheduler;
import io.millrace.worker.schedule.Sequence;
import io.millrace.worker.schedule.StepPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A scripted engine process: its jobs behave as the world says, it dies and comes back. The real scheduler seats them and
 * plans the steps in which they generate tokens until their time is over.
 *
 * <p>Confined to its caller's thread.
 */
final class SimEngine implements Decoder {
    private static final int SLOT_TOKENS = 1024;
    /** More than a job can generate in its time. */
    private static final int MOST_TOKENS = 900;
    /** About once a second, as the real engine. */
    private static final int FIGURES_STEPS = 10;

    private final World world;
    private final SimWorker worker;
    private final int slots;
    private final EventQueue.Channel toWorker;
    private Listener listener;
    private int life;
    private long steps;
    private boolean up;
    private boolean stuck;
    private final Map<Long, Submitted> waiting = new LinkedHashMap<>();
    private final Map<Long, Submitted> running = new HashMap<>();
    private final StepPlan plan = new StepPlan();
    private Scheduler scheduler;
    private boolean stepping;
    private final Set<Long> cancelled = new HashSet<>();

    private record Submitted(long ticket, Job job, Sequence sequence) {}

    SimEngine(World world, SimWorker worker, int slots) {
        this.world = world;
        this.worker = worker;
        this.slots = slots;
        this.toWorker = world.time.new Channel();
        this.scheduler = newScheduler();
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
                Submitted submitted = new Submitted(ticket, job, new Sequence(ticket, 0, prompt(), MOST_TOKENS));
                waiting.put(ticket, submitted);
                scheduler.add(submitted.sequence());
                seat();
            }
        });
    }

    private Scheduler newScheduler() {
        return new Scheduler(slots, SLOT_TOKENS, slots + 64, 8, 8);
    }

    /** One of a few heads, so that jobs wait for each other's prefill and take over what it brought. */
    private int[] prompt() {
        int[] prompt = new int[10 + world.random.nextInt(40)];
        Arrays.fill(prompt, world.random.nextInt(3));
        prompt[prompt.length - 1] = 3 + world.random.nextInt(100);
        return prompt;
    }

    @Override
    public void cancel(long ticket) {
        Submitted waits = waiting.remove(ticket);
        Submitted submitted = waits != null ? waits : running.remove(ticket);
        if (submitted == null) {
            cancelled.add(ticket);
        } else {
            scheduler.remove(submitted.sequence());
        }
        seat();
    }

    private void seat() {
        plan.clear();
        scheduler.seatWaiting(plan);
        for (Sequence sequence : scheduler.seated()) {
            Submitted next = waiting.remove(sequence.ticket());
            running.put(sequence.ticket(), next);
            world.started(worker, next.job(), running.size(), slots);
            run(next);
        }
        if (!stepping && !scheduler.idle()) {
            stepping = true;
            int thisLife = life;
            world.time.afterBetween(50, 150, () -> step(thisLife));
        }
    }

    private void step(int ofLife) {
        if (ofLife != life) {
            return;
        }
        stepping = false;
        if (stuck) {
            return;
        }
        plan.clear();
        if (scheduler.fill(plan)) {
            scheduler.stepped();
            if (++steps % FIGURES_STEPS == 0) {
                EngineFigures figures = figures();
                tell(() -> listener.figures(figures));
            }
            for (int i = 0; i < plan.tokenCount(); i++) {
                if (plan.sampled(i)) {
                    scheduler.generated(plan.slot(i), world.random.nextInt(100));
                }
            }
        }
        seat();
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
            scheduler.remove(job.sequence());
            steps++;
            EngineFigures figures = figures();
            tell(() -> {
                listener.figures(figures);
                listener.finished(List.of(outcome));
            });
            seat();
        }
    }

    private EngineFigures figures() {
        return new EngineFigures(steps, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
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
        stepping = false;
        scheduler = newScheduler();
        waiting.clear();
        running.clear();
        cancelled.clear();
    }

    /** The jobs in the engine, running or waiting. */
    List<Job> jobs() {
        List<Job> jobs = new ArrayList<>();
        waiting.values().forEach(s -> jobs.add(s.job()));
        running.values().forEach(s -> jobs.add(s.job()));
        return jobs;
    }

    @Override
    public void close() {
        forgetAll();
    }
}
