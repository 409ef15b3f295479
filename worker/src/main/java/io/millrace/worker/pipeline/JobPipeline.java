package io.millrace.worker.pipeline;

import io.millrace.job.FailureKind;
import io.millrace.worker.delivery.CommitMetadata;
import io.millrace.worker.delivery.Quarantine;
import io.millrace.worker.delivery.RetryPolicy.Decision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of jobs in a worker: taken from partitions, permitted, run by the engine, published. Events come in by the
 * three listeners and by {@link #tick}; everything it wants goes out by the three ports, whose calls return at once.
 *
 * <p>What holds at any time: a job starts only when a committed permit says that it may; each publication holds every
 * result made so far together with offsets and done-sets that say just that; a partition's work is dropped only when the
 * source says that it is gone.
 *
 * <p>Confined to the worker's event loop.
 */
public final class JobPipeline implements JobSource.Listener, ResultSink.Listener, Decoder.Listener {
    private static final Logger log = LoggerFactory.getLogger(JobPipeline.class);

    private final PipelineConfig config;
    private final JobSource source;
    private final Decoder decoder;
    private final LongSupplier nanoClock;
    private final LongSupplier epochMillis;
    private final Admission admission = new Admission();
    private final Publisher publisher;
    private final Drain drain;
    private final ResultMaker results;
    private final JobTraces traces;
    private final Withdrawals withdrawals = new Withdrawals();
    private final StepWatch watch;

    private Optional<EngineInfo> engine = Optional.empty();
    private Optional<EngineFigures> engineFigures = Optional.empty();
    private long lastTicket;
    private boolean stopping;

    private long answered;
    private final Map<FailureKind, Long> failed = new EnumMap<>(FailureKind.class);
    private long retried;
    private long engineDeaths;

    /** A pipeline that owns nothing yet and that nobody watches. */
    public JobPipeline(
            PipelineConfig config,
            JobSource source,
            ResultSink sink,
            Decoder decoder,
            LongSupplier nanoClock,
            LongSupplier epochMillis) {
        this(config, source, sink, decoder, nanoClock, epochMillis, JobTraces.NONE);
    }

    /**
     * A pipeline that owns nothing yet.
     *
     * @param nanoClock a clock that never goes back, in nanoseconds
     * @param epochMillis the wall clock, for results and deadlines
     */
    public JobPipeline(
            PipelineConfig config,
            JobSource source,
            ResultSink sink,
            Decoder decoder,
            LongSupplier nanoClock,
            LongSupplier epochMillis,
            JobTraces traces) {
        this.config = config;
        this.source = source;
        this.decoder = decoder;
        this.nanoClock = nanoClock;
        this.traces = traces;
        this.results = new ResultMaker(config.model(), config.worker(), epochMillis, traces);
        this.epochMillis = epochMillis;
        this.watch = new StepWatch(config.stepTimeout());
        this.publisher = new Publisher(config, admission, sink);
        this.drain = new Drain(config.drainTimeout().toNanos());
    }

    // The source

    @Override
    public void assigned(int partition, long epoch, long committedOffset, CommitMetadata committed) {
        admission.partition(partition).ifPresent(this::drop);
        admission.add(new PartitionWork(partition, epoch, committedOffset, committed));
        if (committed.dirty()) {
            log.info(
                    "partition={} offset={} taken over from {}, which did not hand it over; {} jobs may have run",
                    partition,
                    committedOffset,
                    committed.owner(),
                    committed.permits().size());
        }
        proceed();
    }

    @Override
    public void received(List<Received> records) {
        for (Received record : records) {
            admission.partition(record.partition()).ifPresent(partition -> take(partition, record));
        }
        proceed();
    }

    private void take(PartitionWork partition, Received record) {
        // Whatever was said before, it is being fetched: to be paused again where that is not wanted.
        partition.paused = false;
        if (partition.draining || !partition.tracker.take(record.offset())) {
            return;
        }
        if (record instanceof Received.Unreadable unreadable) {
            log.warn("partition={} offset={} is no job: {}", partition.number, record.offset(), unreadable.reason());
            count(FailureKind.INVALID_JOB);
            finish(partition, results.unreadable(unreadable));
        } else if (record instanceof Received.Readable readable) {
            TakenJob job = new TakenJob(partition, readable);
            if (job.losses() > 0) {
                job.history.add("before: lost " + job.losses() + " times with a worker or its engine");
            }
            Optional<Withdrawals.Reason> withdrawn = withdrawals.of(job.job, epochMillis.getAsLong());
            if (withdrawn.isPresent()) {
                withdraw(job, withdrawn.get());
            } else if (Quarantine.condemned(job.losses())) {
                fail(job, FailureKind.WORKER_LOST, lossMessage(job, "workers"));
            } else {
                admission.enqueue(job);
            }
        }
    }

    @Override
    public void positions(Map<Integer, Long> positions) {
        for (PartitionWork partition : admission.partitions()) {
            Long position = positions.get(partition.number);
            if (position != null && !partition.draining) {
                partition.tracker.passed(position);
            }
        }
    }

    @Override
    public void revoking(Set<Integer> numbers) {
        List<PartitionWork> leaving = new ArrayList<>();
        for (int number : numbers) {
            admission.partition(number).ifPresent(leaving::add);
        }
        beginDrain(leaving, numbers);
        proceed();
    }

    @Override
    public void lost(Set<Integer> numbers) {
        for (int number : numbers) {
            admission.partition(number).ifPresent(this::drop);
        }
        drain.forget(numbers);
        proceed();
    }

    // The sink

    @Override
    public void published(ResultSink.Outcome outcome) {
        publisher.answered(outcome);
        proceed();
    }

    // The engine

    @Override
    public void ready(EngineInfo info) {
        watch.alive(nanoClock.getAsLong());
        engine = Optional.of(info);
        admission.slots(info.slots());
        results.engine(info);
        proceed();
    }

    @Override
    public void finished(List<Decoder.Outcome> outcomes) {
        for (Decoder.Outcome outcome : outcomes) {
            admission.ended(outcome.ticket()).ifPresent(job -> ended(job, outcome));
        }
        proceed();
    }

    private void ended(TakenJob job, Decoder.Outcome outcome) {
        if (outcome instanceof Decoder.Outcome.Answered answer) {
            answered++;
            finish(job.partition, results.answered(job, answer));
        } else if (outcome instanceof Decoder.Outcome.Refused refusal) {
            refused(job, refusal);
        }
    }

    private void refused(TakenJob job, Decoder.Outcome.Refused refusal) {
        job.history.add(config.worker() + ": " + refusal.kind() + ": " + refusal.message());
        job.refusals++;
        Decision decision = config.retryPolicy().decide(refusal.kind(), job.refusals);
        if (decision instanceof Decision.Retry retry && !job.partition.draining) {
            log.info("{} attempt={} failed, again in {}: {}", job, job.attempt(), retry.delay(), refusal.message());
            retried++;
            job.trace(traces).again(refusal.kind().name());
            job.notBeforeNanos = nanoClock.getAsLong() + retry.delay().toNanos();
            admission.again(job);
        } else if (decision instanceof Decision.GiveUp) {
            job.refusals--;
            fail(job, refusal.kind(), refusal.message());
        } else {
            job.dropped();
        }
    }

    @Override
    public void died(String reason) {
        engine = Optional.empty();
        engineDeaths++;
        List<TakenJob> lost = admission.allEnded();
        log.warn("engine died with {} jobs: {}", lost.size(), reason);
        for (TakenJob job : lost) {
            job.partition.tracker.lose(job.offset);
            job.history.add(config.worker() + ": the engine died: " + reason);
            if (Quarantine.condemned(job.losses())) {
                fail(job, FailureKind.ENGINE_DIED, lossMessage(job, "engines") + "; last: " + reason);
            } else if (!job.partition.draining) {
                job.trace(traces).again(FailureKind.ENGINE_DIED.name());
                admission.again(job);
            } else {
                job.dropped();
            }
        }
        proceed();
    }

    private static String lossMessage(TakenJob job, String what) {
        return "lost with " + what + " " + job.losses()
                + " times, the last two strictly alone; if the cause was outside the job, replay it";
    }

    @Override
    public void failed(String reason) {
        engine = Optional.empty();
        log.error("the engine cannot be started: {}", reason);
        stop();
    }

    @Override
    public void figures(EngineFigures figures) {
        engineFigures = Optional.of(figures);
        watch.counted(figures.steps(), nanoClock.getAsLong());
    }

    // Time and end

    /** Lets time pass; to be called every few milliseconds to some ten. */
    public void tick() {
        long now = nanoClock.getAsLong();
        admission.wake(now);
        withdraw();
        if (admission.runningJobs() == 0 || engine.isEmpty()) {
            watch.alive(now);
        } else if (watch.killNow(now)) {
            decoder.kill(stuck().orElse("a step is stuck"));
        }
        proceed();
    }

    /** A run was cancelled: its jobs end now, those that come later at once. */
    public void cancelled(String runId) {
        if (withdrawals.cancel(runId)) {
            log.info("run={} was cancelled", runId);
            withdraw();
            proceed();
        }
    }

    private void withdraw() {
        long now = epochMillis.getAsLong();
        Predicate<TakenJob> withdrawn = job -> withdrawals.of(job.job, now).isPresent();
        for (TakenJob job : admission.takeWaiting(withdrawn)) {
            withdraw(job, withdrawals.of(job.job, now).orElseThrow());
        }
        for (long ticket : admission.runningTickets(withdrawn)) {
            decoder.cancel(ticket);
            admission
                    .ended(ticket)
                    .ifPresent(job -> withdraw(job, withdrawals.of(job.job, now).orElseThrow()));
        }
    }

    private void withdraw(TakenJob job, Withdrawals.Reason reason) {
        log.debug("{} ends: {}", job, reason);
        count(reason.kind());
        finish(job.partition, results.failed(job, reason.kind(), reason.message()));
    }

    /** Finishes what runs, within the drain time-out, commits, and leaves the group. */
    public void stop() {
        if (stopping) {
            return;
        }
        stopping = true;
        Set<Integer> numbers = new HashSet<>();
        admission.partitions().forEach(p -> numbers.add(p.number));
        beginDrain(List.copyOf(admission.partitions()), numbers);
        proceed();
    }

    // Inside

    private void proceed() {
        long now = nanoClock.getAsLong();
        boolean permitWanted = admit(now);
        flow();
        settleDrain(now);
        publisher.publishIfDue(now, permitWanted, drain);
    }

    /** Fills the engine; says whether only a commit stands between it and more jobs. */
    private boolean admit(long now) {
        if (engine.isEmpty() || stopping) {
            return false;
        }
        int jobs = ahead(engine.get().slots());
        int samples = ahead(engine.get().sequences());
        while (admission.runningJobs() < jobs && admission.runningSamples() < samples) {
            Optional<TakenJob> next = admission.next(now);
            if (next.isEmpty()) {
                return admission.permitWanted();
            }
            long ticket = ++lastTicket;
            admission.started(ticket, next.get());
            next.get().trace(traces).started(next.get().attempt());
            decoder.submit(ticket, next.get().job);
        }
        return false;
    }

    /** So many in the engine that it never waits for the next. */
    private static int ahead(int running) {
        return running + Math.max(2, running / 2);
    }

    /** Keeps a bounded number of jobs waiting, not too many of one partition. */
    private void flow() {
        Set<Integer> pause = new LinkedHashSet<>();
        Set<Integer> resume = new LinkedHashSet<>();
        int owned = admission.partitions().size();
        int most = owned == 0 ? 0 : Math.max(2, (2 * config.lookAhead() + owned - 1) / owned);
        boolean full = admission.waitingJobs() >= config.lookAhead();
        for (PartitionWork partition : admission.partitions()) {
            boolean wanted = !full && !partition.draining && partition.waiting < most;
            if (wanted == partition.paused) {
                partition.paused = !wanted;
                (wanted ? resume : pause).add(partition.number);
            }
        }
        if (!pause.isEmpty()) {
            source.pause(pause);
        }
        if (!resume.isEmpty()) {
            source.resume(resume);
        }
    }

    private void finish(PartitionWork partition, PartitionWork.Pending result) {
        partition.tracker.finish(result.offset());
        partition.pending.add(result);
    }

    private void fail(TakenJob job, FailureKind kind, String message) {
        log.warn("{} failed for good: {}: {}", job, kind, message);
        count(kind);
        finish(job.partition, results.failed(job, kind, message));
    }

    private void count(FailureKind kind) {
        failed.merge(kind, 1L, Long::sum);
    }

    private void beginDrain(List<PartitionWork> leaving, Set<Integer> numbers) {
        for (PartitionWork partition : leaving) {
            partition.draining = true;
            admission.clearWaiting(partition);
        }
        drain.begin(leaving, numbers, nanoClock.getAsLong());
    }

    private void settleDrain(long now) {
        if (drain.cutOff(now)) {
            for (PartitionWork partition : drain.partitions()) {
                admission.cancelRunning(partition).forEach(decoder::cancel);
            }
        }
        if (drain.settled(now, publisher.idle())) {
            List.copyOf(drain.partitions()).forEach(this::drop);
            Set<Integer> numbers = drain.end();
            if (stopping) {
                source.leave();
            } else {
                source.released(numbers);
            }
        }
    }

    private void drop(PartitionWork partition) {
        admission.remove(partition).forEach(decoder::cancel);
        publisher.forget(partition);
    }

    /** Whether the engine can take jobs. */
    public boolean engineReady() {
        return engine.isPresent();
    }

    /** Why the engine seems to be stuck; empty when it does not. */
    public Optional<String> stuck() {
        return watch.stuck(nanoClock.getAsLong())
                .filter(silent -> engine.isPresent() && admission.runningJobs() > 0)
                .map(silent -> "no step of the engine has ended for " + silent.toSeconds() + " s while "
                        + admission.runningJobs() + " jobs run");
    }

    public Optional<EngineInfo> engineInfo() {
        return engine;
    }

    public Optional<EngineFigures> engineFigures() {
        return engineFigures;
    }

    /** Counters and gauges. */
    public PipelineFigures figures() {
        int pending =
                admission.partitions().stream().mapToInt(p -> p.pending.size()).sum();
        return new PipelineFigures(
                answered,
                failed,
                retried,
                engineDeaths,
                publisher.publications(),
                publisher.aborted(),
                admission.partitions().size(),
                admission.waitingJobs(),
                admission.runningJobs(),
                pending);
    }

    /** Numbers of the partitions owned now, ascending. */
    public List<Integer> owned() {
        return admission.partitions().stream()
                .map(p -> p.number)
                .sorted(Comparator.naturalOrder())
                .toList();
    }
}
