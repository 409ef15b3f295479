package io.millrace.simulation;

import io.millrace.job.Job;
import io.millrace.simulation.SimLog.Refusal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One submitter process, by the rules of {@code RunWriter} and {@code JobSubmitter}: it fences any other of the run, reads
 * the manifest, and commits chunk after chunk together with the next one. What became of a commit that was not answered
 * well, the manifest tells.
 *
 * <p>Confined to its caller's thread.
 */
final class SimSubmitter {
    private static final String ID = "submit-" + World.RUN;
    private static final int MOST_JOBS = 40;

    private final World world;
    private final Deque<Runnable> deferred = new ArrayDeque<>();
    private int epoch = -1;
    private int committed;
    private boolean running = true;
    private boolean frozen;

    SimSubmitter(World world) {
        this.world = world;
    }

    boolean running() {
        return running;
    }

    void start() {
        next(
                1,
                3_000,
                () -> initialise(() -> {
                    committed = world.log.manifestJobs;
                    submit();
                }));
    }

    void kill() {
        running = false;
        world.submitterEnded();
    }

    void freeze(long millis) {
        frozen = true;
        world.time.after(millis, () -> {
            frozen = false;
            while (!frozen && !deferred.isEmpty()) {
                deferred.poll().run();
            }
        });
    }

    private void next(long least, long most, Runnable request) {
        world.time.afterBetween(least, most, () -> whenAwake(request));
    }

    private void whenAwake(Runnable request) {
        if (frozen) {
            deferred.add(() -> whenAwake(request));
        } else if (running) {
            request.run();
        }
    }

    /** Until the broker answers; then what comes next, as a request of its own. */
    private void initialise(Runnable then) {
        epoch = world.log.initTransactions(ID);
        if (epoch < 0) {
            next(250, 500, () -> initialise(then));
        } else {
            next(1, 12, then);
        }
    }

    private void submit() {
        int to = Math.min(world.plan.size(), committed + 1 + world.random.nextInt(MOST_JOBS));
        if (to == committed) {
            kill(); // its work is done
            return;
        }
        send(to);
    }

    private void send(int to) {
        List<Job> chunk = world.plan.subList(committed, to);
        Optional<Refusal> refusal = world.log.begin(ID, epoch, chunk, to);
        next(1, 12, () -> {
            if (refusal.isPresent()) {
                refused(refusal.get(), to);
            } else {
                commit(to);
            }
        });
    }

    private void commit(int to) {
        Optional<Refusal> refusal = world.log.commit(ID, epoch);
        if (refusal.equals(Optional.of(Refusal.AWAY))) {
            next(250, 500, () -> commit(to));
        } else if (refusal.isPresent()) {
            next(1, 12, () -> refused(refusal.get(), to));
        } else if (world.chance(world.lostReplies)) {
            unknown(to);
        } else {
            committed = to;
            next(1, 3_000, this::submit);
        }
    }

    private void refused(Refusal refusal, int to) {
        if (refusal == Refusal.FENCED) {
            kill(); // another took over
        } else {
            unknown(to);
        }
    }

    private void unknown(int to) {
        next(
                200,
                2_000,
                () -> initialise(() -> {
                    if (world.log.manifestJobs == to) {
                        committed = to;
                        submit();
                    } else if (world.log.manifestJobs == committed) {
                        send(to);
                    } else {
                        kill(); // another took over and came further
                    }
                }));
    }
}
