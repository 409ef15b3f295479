package io.millrace.simulation;

import io.millrace.worker.delivery.CommitMetadata;
import io.millrace.worker.delivery.RetryPolicy;
import io.millrace.worker.pipeline.JobPipeline;
import io.millrace.worker.pipeline.JobSource;
import io.millrace.worker.pipeline.PipelineConfig;
import io.millrace.worker.pipeline.Received;
import io.millrace.worker.pipeline.ResultSink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One worker process: the real pipeline, and the poll loop's rules over the simulated log and group, split into events
 * between which anything may happen.
 *
 * <p>Confined to its caller's thread.
 */
final class SimWorker implements JobSource, ResultSink {
    /** An engine is killed after five times as long, which is longer than any job takes. */
    private static final Duration STEP_TIMEOUT = Duration.ofSeconds(8);

    private final World world;
    final String instance;
    final String transactionalId;
    final SimEngine engine;
    private final JobPipeline pipeline;
    private final SimTakeOver takeOver;
    private final EventQueue.Channel toPipeline;
    private final EventQueue.Channel toPoll;
    private final Deque<Runnable> deferred = new ArrayDeque<>();
    private final Deque<Runnable> tasks = new ArrayDeque<>();

    private boolean dead;
    private boolean frozen;
    private boolean stopping;
    private boolean busy;
    private boolean leaving;
    private int producerEpoch = -1;
    private int generation = -1;
    private long lastEpoch;
    private final Map<Integer, Long> epochs = new HashMap<>();
    private final Map<Integer, Long> positions = new HashMap<>();
    private final Set<Integer> paused = new HashSet<>();
    private final Set<Integer> unreleased = new HashSet<>();
    private Optional<Publication> unresolved = Optional.empty();

    SimWorker(World world, String instance, int slots) {
        this.world = world;
        this.instance = instance;
        this.transactionalId = "tid-" + instance;
        this.toPipeline = world.time.new Channel();
        this.toPoll = world.time.new Channel();
        this.takeOver = new SimTakeOver(world, this);
        this.engine = new SimEngine(world, this, slots);
        PipelineConfig config = new PipelineConfig(
                "sim",
                instance,
                transactionalId,
                PipelineConfig.DEFAULT_LOOK_AHEAD,
                PipelineConfig.DEFAULT_COMMIT_INTERVAL,
                PipelineConfig.DEFAULT_MIN_COMMIT_INTERVAL,
                PipelineConfig.DEFAULT_DRAIN_TIMEOUT,
                STEP_TIMEOUT,
                RetryPolicy.DEFAULT);
        this.pipeline = new JobPipeline(
                config, this, this, engine, world.time::nowNanos, world.time::nowMillis, new TraceWatch());
    }

    void start() {
        engine.start(pipeline);
        beginProducing();
        tick();
    }

    private void beginProducing() {
        producerEpoch = world.log.initTransactions(transactionalId);
        if (producerEpoch < 0) {
            world.time.after(500, () -> whenAwake(this::beginProducing));
            return;
        }
        world.time.afterBetween(
                10,
                200,
                () -> whenAwake(() -> {
                    world.group.join(this);
                    poll();
                }));
    }

    private void tick() {
        world.time.after(
                50,
                () -> whenAwake(() -> {
                    pipeline.tick();
                    tick();
                }));
    }

    /** Runs what belongs to this process: not when it is dead, later when it is frozen. */
    void whenAwake(Runnable action) {
        if (dead) {
            return;
        }
        if (frozen) {
            deferred.add(action);
        } else {
            action.run();
        }
    }

    /** The worker reads of it sooner or later. */
    void hearCancelled() {
        world.time.afterBetween(10, 3_000, () -> whenAwake(() -> pipeline.cancelled(World.RUN)));
    }

    boolean alive() {
        return !dead;
    }

    void kill() {
        dead = true;
        engine.close();
        world.group.silent(this, () -> world.group.expel(this));
    }

    void freeze(long millis) {
        frozen = true;
        long since = world.time.nowMillis();
        world.group.silent(this, () -> {
            if (frozen && world.time.nowMillis() - since >= SimGroup.SESSION_MILLIS) {
                world.group.expel(this);
            }
        });
        world.time.after(millis, () -> {
            frozen = false;
            while (!frozen && !dead && !deferred.isEmpty()) {
                deferred.poll().run();
            }
        });
    }

    void stopGracefully() {
        stopping = true;
        whenAwake(pipeline::stop);
    }

    /** Alive and meant to stay. */
    boolean staying() {
        return !dead && !stopping;
    }

    @Override
    public String toString() {
        return instance + (dead ? " dead" : "") + (stopping ? " stopping" : "") + (frozen ? " frozen" : "") + " owns "
                + epochs + " paused " + paused + " unreleased " + unreleased + " unresolved "
                + unresolved.isPresent() + " busy " + busy + " generation " + generation + " " + pipeline.figures()
                + " engine " + pipeline.engineReady() + " member " + world.group.member(this);
    }

    // What the group says, handled by the poll thread in turn

    void synced(int newGeneration, Set<Integer> assigned) {
        toPoll.send(
                1,
                30,
                () -> whenAwake(() -> task(() -> {
                    generation = newGeneration;
                    for (int partition : assigned) {
                        long epoch = ++lastEpoch;
                        epochs.put(partition, epoch);
                        takeOver.want(partition, epoch);
                        paused.add(partition);
                    }
                })));
    }

    void revoke(Set<Integer> partitions) {
        toPoll.send(
                1,
                30,
                () -> whenAwake(() -> task(() -> {
                    unreleased.addAll(partitions);
                    takeOver.forget(partitions);
                    toPipeline.send(0, 5, () -> whenAwake(() -> pipeline.revoking(partitions)));
                })));
    }

    void expelled() {
        toPoll.send(
                1,
                50,
                () -> whenAwake(() -> task(() -> {
                    Set<Integer> lost = new HashSet<>(epochs.keySet());
                    forget(lost);
                    unreleased.clear();
                    toPipeline.send(0, 5, () -> whenAwake(() -> pipeline.lost(lost)));
                    world.time.afterBetween(
                            50,
                            1000,
                            () -> whenAwake(() -> {
                                if (!leaving) {
                                    world.group.join(this);
                                }
                            }));
                })));
    }

    private void forget(Set<Integer> partitions) {
        takeOver.forget(partitions);
        for (int partition : partitions) {
            epochs.remove(partition);
            positions.remove(partition);
            paused.remove(partition);
        }
    }

    // What the pipeline asks

    @Override
    public void pause(Set<Integer> partitions) {
        toPoll.send(0, 20, () -> whenAwake(() -> task(() -> paused.addAll(partitions))));
    }

    @Override
    public void resume(Set<Integer> partitions) {
        toPoll.send(
                0,
                20,
                () -> whenAwake(() -> task(() -> {
                    Set<Integer> begun = new HashSet<>(partitions);
                    begun.retainAll(positions.keySet());
                    paused.removeAll(begun);
                })));
    }

    @Override
    public void released(Set<Integer> partitions) {
        toPoll.send(
                0,
                20,
                () -> whenAwake(() -> task(() -> {
                    // An expulsion ends a revocation: what its end says late is not of a later assignment.
                    Set<Integer> handedOver = new HashSet<>(partitions);
                    handedOver.retainAll(unreleased);
                    unreleased.removeAll(handedOver);
                    forget(handedOver);
                    world.group.released(this, handedOver);
                })));
    }

    @Override
    public void leave() {
        toPoll.send(
                0,
                20,
                () -> whenAwake(() -> task(() -> {
                    leaving = true;
                    dead = true;
                    engine.close();
                    world.group.leave(this);
                })));
    }

    @Override
    public void publish(Publication publication) {
        toPoll.send(0, 20, () -> whenAwake(() -> task(() -> begin(publication))));
    }

    private void task(Runnable task) {
        tasks.add(task);
        work();
    }

    private void work() {
        while (!busy && !dead && !tasks.isEmpty()) {
            tasks.poll().run();
        }
    }

    // Publishing, one request after the other

    private void begin(Publication publication) {
        for (Map.Entry<Integer, Commit> commit : publication.commits().entrySet()) {
            if (!Long.valueOf(commit.getValue().epoch()).equals(epochs.get(commit.getKey()))) {
                answer(new Outcome.Aborted("stale"));
                return;
            }
        }
        if (generation < 0) {
            answer(new Outcome.Aborted("not in the group"));
            return;
        }
        int sentGeneration = generation;
        busy = true;
        next(() -> {
            if (world.log.begin(transactionalId, producerEpoch, publication).isPresent()) {
                unknown(publication);
                return;
            }
            next(() -> sendOffsets(publication, sentGeneration));
        });
    }

    private void sendOffsets(Publication publication, int sentGeneration) {
        boolean valid = world.group.valid(this, sentGeneration);
        if (!valid || world.log.sendOffsets(transactionalId, producerEpoch).isPresent()) {
            if (world.log.abort(transactionalId, producerEpoch).isPresent()) {
                unknown(publication);
            } else {
                busy = false;
                answer(new Outcome.Aborted("generation"));
                work();
            }
            return;
        }
        next(() -> {
            boolean refused = world.log.commit(transactionalId, producerEpoch).isPresent();
            if (refused || world.chance(world.lostReplies)) {
                unknown(publication);
                return;
            }
            next(() -> {
                busy = false;
                answer(new Outcome.Committed());
                work();
            });
        });
    }

    private void next(Runnable request) {
        world.time.afterBetween(1, 12, () -> whenAwake(request));
    }

    private void unknown(Publication publication) {
        unresolved = Optional.of(publication);
        producerEpoch = -1;
        busy = false;
        work();
    }

    private void answer(Outcome outcome) {
        toPipeline.send(0, 5, () -> whenAwake(() -> pipeline.published(outcome)));
    }

    private void resolve() {
        if (unresolved.isEmpty() || world.log.away) {
            return;
        }
        if (producerEpoch < 0) {
            producerEpoch = world.log.initTransactions(transactionalId);
        }
        Map<Integer, CommittedState> states = new HashMap<>();
        for (int partition : unresolved.get().commits().keySet()) {
            if (epochs.containsKey(partition)) {
                Optional<SimLog.Committed> committed = world.log.stable(partition);
                if (committed.isEmpty()) {
                    return;
                }
                long offset = committed.get().offset();
                states.put(
                        partition,
                        new CommittedState(
                                offset,
                                CommitMetadata.decode(offset, committed.get().metadata())));
            }
        }
        unresolved = Optional.empty();
        answer(new Outcome.Resolved(states));
    }

    // Polling

    private void poll() {
        world.time.afterBetween(
                10,
                40,
                () -> whenAwake(() -> {
                    if (!busy && !dead) {
                        resolve();
                        takeOver.ask(stable -> task(() -> stable.forEach(this::begin)));
                        if (unreleased.isEmpty()) {
                            fetch();
                        }
                    }
                    poll();
                }));
    }

    private void begin(int partition, SimLog.Committed committed) {
        long epoch = takeOver.settle(partition);
        if (!Long.valueOf(epoch).equals(epochs.get(partition))) {
            return;
        }
        positions.put(partition, committed.offset());
        CommitMetadata metadata = CommitMetadata.decode(committed.offset(), committed.metadata());
        toPipeline.send(0, 5, () -> whenAwake(() -> pipeline.assigned(partition, epoch, committed.offset(), metadata)));
    }

    private void fetch() {
        if (world.log.away) {
            return;
        }
        List<Received> records = new ArrayList<>();
        positions.replaceAll(
                (partition, position) -> paused.contains(partition) ? position : read(partition, position, records));
        Map<Integer, Long> told = Map.copyOf(positions);
        toPipeline.send(
                0,
                5,
                () -> whenAwake(() -> {
                    pipeline.received(records);
                    pipeline.positions(told);
                }));
    }

    private long read(int partition, long position, List<Received> records) {
        int most = 3;
        long next = position;
        for (Map.Entry<Long, io.millrace.job.Job> record :
                world.log.jobs.get(partition).tailMap(position).entrySet()) {
            if (most-- == 0) {
                return next;
            }
            records.add(new Received.Readable(partition, record.getKey(), new byte[0], record.getValue()));
            next = record.getKey() + 1;
        }
        return world.log.endOffsets.get(partition);
    }
}
