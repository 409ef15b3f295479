package io.millrace.simulation;

import io.millrace.job.FailureKind;
import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.JobResult;
import io.millrace.job.Message;
import io.millrace.job.SamplingParams;
import io.millrace.worker.delivery.CommitMetadata;
import io.millrace.worker.pipeline.ResultSink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/**
 * A run in a simulated cluster, with faults, all decided by one seed.
 *
 * <p>Confined to its caller's thread.
 */
final class World {
    private static final long GIVE_UP_MILLIS = 3 * 3600 * 1000L;

    static final String RUN = "r";

    final Random random;
    final EventQueue time;
    final List<Guarantee> guarantees = new ArrayList<>();
    final SimLog log;
    final SimGroup group;
    final double lostReplies;
    /** The run's jobs in their order. */
    final List<Job> plan = new ArrayList<>();

    final Set<String> poison = new HashSet<>();
    final Map<String, Integer> starts = new HashMap<>();
    final Map<String, Integer> externalHits = new HashMap<>();
    private final int jobs;
    private final int slots;
    private final long faultsEndMillis;
    private final Map<String, Behaviour> behaviours = new HashMap<>();
    private final Map<String, Integer> refusals = new HashMap<>();
    private final List<SimWorker> workers = new ArrayList<>();
    private final List<SimSubmitter> submitters = new ArrayList<>();
    private final SimCollector collector = new SimCollector(this);
    private int instances;
    private boolean cancelled;
    int faults;

    World(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
        time = new EventQueue(random);
        int partitions = 1 + random.nextInt(8);
        jobs = 10 + random.nextInt(80);
        slots = 1 + random.nextInt(8);
        lostReplies = random.nextInt(3) == 0 ? 0.1 : 0;
        guarantees.add(new Guarantee.EveryJobHasOneResult());
        guarantees.add(new Guarantee.NoResultWithoutAJob());
        guarantees.add(new Guarantee.CommitNeverPassesUnfinished());
        guarantees.add(new Guarantee.SlotsNeverOverbooked());
        guarantees.add(new Guarantee.AttemptsBounded(this));
        guarantees.add(new Guarantee.PoisonAloneIsCondemned(this));
        guarantees.add(new Guarantee.JobsAreSubmittedOnce(this));
        guarantees.add(collector);
        guarantees.add(new Guarantee.CollectorHasOneLineAJob());
        guarantees.add(new Replaying());
        log = new SimLog(time, partitions, guarantees);
        group = new SimGroup(time, partitions);
        faultsEndMillis = 5_000 + random.nextInt(40_000);
        script();
        giveCommand();
        collector.start();
        int first = 1 + random.nextInt(3);
        for (int w = 0; w < first; w++) {
            addWorker();
        }
        nextFault();
    }

    private void script() {
        int poisonJobs = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
        for (int i = 0; i < jobs; i++) {
            String id = new JobId(RUN, i).toString();
            Job job = new Job(
                    new JobId(RUN, i), "c" + i, List.of(new Message("user", "x")), SamplingParams.DEFAULTS, 0, "");
            // Some that will be over before, some in, some after the job's turn.
            plan.add(random.nextInt(10) == 0 ? job.resubmitted(0, OptionalLong.of(random.nextInt(30_000))) : job);
            int kind = random.nextInt(20);
            if (kind == 0) {
                behaviours.put(id, new Behaviour.Answers(5_000 + random.nextInt(25_000)));
            } else if (kind == 1) {
                behaviours.put(id, new Behaviour.RefusedFirst(1 + random.nextInt(4), FailureKind.ENGINE_ERROR, 30));
            } else {
                behaviours.put(id, new Behaviour.Answers(5 + random.nextInt(800)));
            }
        }
        for (int p = 0; p < poisonJobs; p++) {
            String id = new JobId(RUN, random.nextInt(jobs)).toString();
            long millis = 1 + random.nextInt(600);
            poison.add(id);
            behaviours.put(
                    id, random.nextBoolean() ? new Behaviour.KillsEngine(millis) : new Behaviour.KillsWorker(millis));
        }
    }

    /** The user gives the command, perhaps while it is running already. */
    private void giveCommand() {
        SimSubmitter submitter = new SimSubmitter(this);
        submitters.add(submitter);
        submitter.start();
    }

    /** The user gives it again when it has stopped too early. */
    void submitterEnded() {
        submitters.removeIf(submitter -> !submitter.running());
        if (submitters.isEmpty() && !submitted()) {
            time.afterBetween(100, 5_000, () -> {
                if (submitters.isEmpty()) {
                    giveCommand();
                }
            });
        }
    }

    private boolean submitted() {
        return log.manifestJobs == jobs;
    }

    private void addWorker() {
        SimWorker worker = new SimWorker(this, "w" + instances++, slots);
        start(worker);
    }

    private void start(SimWorker worker) {
        workers.add(worker);
        worker.start();
        if (cancelled) {
            worker.hearCancelled();
        }
    }

    boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    Behaviour behaviour(Job job) {
        return behaviours.get(job.id().toString());
    }

    /** Whether this run of the job is one of its first, refused ones. */
    boolean refuses(Job job, int times) {
        return refusals.merge(job.id().toString(), 1, Integer::sum) <= times;
    }

    void started(SimWorker worker, Job job, int running, int ofSlots) {
        starts.merge(Guarantee.key(job), 1, Integer::sum);
        guarantees.forEach(g -> g.onStart(Guarantee.key(job), running, ofSlots));
    }

    /** The whole worker dies and comes back after a while: by poison, not by a fault from outside. */
    void crash(SimWorker worker) {
        worker.kill();
        restartLater(worker);
    }

    private void restartLater(SimWorker worker) {
        time.afterBetween(500, random.nextInt(3) == 0 ? 40_000 : 3_000, () -> {
            workers.remove(worker);
            SimWorker again = new SimWorker(this, worker.instance, slots);
            start(again);
        });
    }

    // Faults from outside

    private void nextFault() {
        time.afterBetween(200, 8_000, () -> {
            if (time.nowMillis() < faultsEndMillis) {
                fault();
                nextFault();
            }
        });
    }

    private void fault() {
        faults++;
        List<SimWorker> alive = workers.stream().filter(SimWorker::alive).toList();
        if (alive.isEmpty()) {
            return;
        }
        SimWorker victim = alive.get(random.nextInt(alive.size()));
        switch (random.nextInt(12)) {
            case 0, 1 -> {
                hit(victim);
                victim.kill();
                restartLater(victim);
            }
            case 2 -> {
                hit(victim);
                victim.freeze(200 + random.nextInt(30_000));
            }
            case 3 -> {
                hit(victim);
                victim.engine.die("a fault from outside");
            }
            case 4 -> addWorker();
            case 5 -> {
                if (victim.staying()
                        && alive.stream().filter(SimWorker::staying).count() > 1) {
                    victim.stopGracefully();
                }
            }
            case 6 -> victim.engine.hang(); // hits what is in the engine when it is killed for that
            case 7 -> {
                if (random.nextInt(4) == 0) {
                    cancelled = true;
                    workers.forEach(SimWorker::hearCancelled);
                }
            }
            case 8 -> submitter().ifPresent(SimSubmitter::kill);
            case 9 -> submitter().ifPresent(submitter -> submitter.freeze(200 + random.nextInt(30_000)));
            case 10 -> {
                collector.kill();
                if (random.nextBoolean() && !submitted()) {
                    giveCommand();
                }
            }
            default -> {
                // Everyone may be expelled while the broker is away.
                workers.forEach(this::hit);
                log.away = true;
                time.afterBetween(100, 12_000, () -> log.away = false);
            }
        }
    }

    private Optional<SimSubmitter> submitter() {
        return submitters.isEmpty() ? Optional.empty() : Optional.of(submitters.get(random.nextInt(submitters.size())));
    }

    /** Whatever may run in this worker, or be committed as such, can be lost by no fault of its own. */
    void hit(SimWorker worker) {
        Set<Job> hit = new HashSet<>(worker.engine.jobs());
        log.committed.forEach((partition, committed) -> {
            CommitMetadata metadata = CommitMetadata.decode(committed.offset(), committed.metadata());
            if (metadata.owner().equals(worker.transactionalId)) {
                log.jobs.get(partition).forEach((offset, job) -> {
                    if (metadata.permits().contains(offset)) {
                        hit.add(job);
                    }
                });
            }
        });
        hit.forEach(job -> externalHits.merge(job.id().toString(), 1, Integer::sum));
    }

    /** Lets the run end; throws an {@link AssertionError} when something does not hold. */
    void run() {
        while (!over()) {
            if (!time.step()) {
                throw new AssertionError("nothing happens any more, with " + log.results.size() + " of " + jobs);
            }
            if (time.nowMillis() > GIVE_UP_MILLIS) {
                throw new AssertionError(
                        "stuck with " + log.results.size() + " results of " + jobs + " jobs; " + workers);
            }
        }
        long end = time.nowMillis() + 3_000;
        while (time.nowMillis() < end && time.step()) {
            // Late duplicates would come now.
        }
        guarantees.forEach(g -> g.check(log));
    }

    private boolean over() {
        return submitted() && log.results.size() >= jobs + log.replays && time.nowMillis() > faultsEndMillis;
    }

    int resultCount() {
        return log.results.size();
    }

    /** A user who submits failed jobs again, some more than once; poison stays poison. */
    private final class Replaying implements Guarantee {
        private static final int MOST = 3;

        @Override
        public void onCommit(SimLog simLog, ResultSink.Publication publication) {
            for (JobResult result : publication.results()) {
                if (result instanceof JobResult.Failed
                        && !poison.contains(result.id().toString())
                        && result.replay() < MOST
                        && random.nextInt(3) > 0) {
                    simLog.replays++;
                    Job again = simLog.jobs.stream()
                            .flatMap(partition -> partition.values().stream())
                            .filter(job -> job.id().equals(result.id()))
                            .findFirst()
                            .orElseThrow()
                            .resubmitted(result.replay() + 1, OptionalLong.empty());
                    time.afterBetween(1, 20_000, () -> simLog.append(List.of(again)));
                }
            }
        }
    }
}
