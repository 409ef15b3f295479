package io.millrace.worker.decode;

import io.millrace.job.FailureKind;
import io.millrace.worker.pipeline.Decoder.Outcome;
import io.millrace.worker.pipeline.EngineFigures;
import io.millrace.worker.pipeline.EngineInfo;
import io.millrace.worker.schedule.PrefixCache;
import io.millrace.worker.schedule.SavedCells;
import io.millrace.worker.schedule.SavedPrefix;
import io.millrace.worker.schedule.Scheduler;
import io.millrace.worker.schedule.Sequence;
import io.millrace.worker.schedule.StepPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The engine's work without its thread: takes arrivals, goes step by step, gives outcomes. Told the time, so that a
 * simulation can drive it.
 *
 * <p>A step that fails costs the attempts whose slots were in it, which are refused; the others go on.
 *
 * <p>Confined to the decode thread.
 */
public final class Decoding {
    private final Engine engine;
    private final Tokenizer tokenizer;
    private final LongSupplier nanoTime;
    private final int failuresInARow;
    private final boolean following;

    private final SavedCells.Source cells;
    private final Consumer<SavedPrefix> others;

    private final PrefixCache prefixes;
    private final Scheduler scheduler;
    private final StepPlan plan = new StepPlan();
    private final int[] drawn;
    private final Sample[] samples;
    private final Map<Long, Attempt> attempts = new HashMap<>();
    /** Attempts with a slot of which no token was decoded. */
    private final List<Attempt> unstarted = new ArrayList<>();

    private final Counters counters = new Counters();
    private List<Outcome> outcomes = new ArrayList<>();
    private int failures;

    /** Of an engine that shares no saved prefixes with others. */
    public Decoding(Engine engine, DecodeSettings settings, LongSupplier nanoTime) {
        this(engine, settings, nanoTime, saved -> {});
    }

    /** @param others hears of each saved prefix; it must retain the cells if it keeps them */
    public Decoding(Engine engine, DecodeSettings settings, LongSupplier nanoTime, Consumer<SavedPrefix> others) {
        EngineInfo info = engine.info();
        this.engine = engine;
        this.tokenizer = engine.tokenizer();
        this.nanoTime = nanoTime;
        this.failuresInARow = settings.failuresInARow();
        this.following = settings.following();
        this.cells = engine::save;
        this.others = others;
        this.prefixes = new PrefixCache(engine.savesCells() ? settings.prefixCacheBytes() : 0);
        this.scheduler = new Scheduler(
                info.slots(),
                info.sequences(),
                info.slotTokens(),
                info.stepTokens(),
                settings.copyThreshold(),
                settings.lookAhead(),
                prefixes);
        this.drawn = new int[info.sequences()];
        this.samples = new Sample[info.sequences()];
    }

    public void accept(Arrival arrival) {
        if (arrival instanceof Arrival.Prepared prepared) {
            Attempt attempt = new Attempt(prepared, following);
            if (attempts.putIfAbsent(prepared.ticket(), attempt) != null) {
                throw new IllegalStateException("ticket " + prepared.ticket() + " was handed over twice");
            }
            for (Sequence sequence : attempt.sequences()) {
                scheduler.add(sequence);
            }
        } else if (arrival instanceof Arrival.Rejected rejected) {
            outcomes.add(rejected.outcome());
        } else if (arrival instanceof Arrival.Cancelled cancelled) {
            forget(cancelled.ticket());
        } else if (arrival instanceof Arrival.Saved saved) {
            prefixes.add(saved.prefix());
        }
    }

    /** Whether there is nothing to run. */
    public boolean idle() {
        return scheduler.idle();
    }

    /**
     * Runs one step if there is something to run.
     *
     * @throws EngineException when too many steps in a row have failed
     */
    public void step() {
        if (scheduler.idle()) {
            return;
        }
        long begin = nanoTime.getAsLong();
        plan.clear();
        scheduler.seatWaiting(plan);
        seatSamples();
        boolean any = scheduler.fill(plan);
        long planned = nanoTime.getAsLong();
        counters.scheduleNanos += planned - begin;
        if (!any) {
            dropPlan();
            return;
        }
        start(planned);
        try {
            engine.step(plan, drawn);
        } catch (EngineException e) {
            counters.decodeNanos += nanoTime.getAsLong() - planned;
            lose(e);
            return;
        }
        failures = 0;
        long decoded = nanoTime.getAsLong();
        counters.decodeNanos += decoded - planned;
        update(decoded);
        counters.updateNanos += nanoTime.getAsLong() - decoded;
    }

    /** The outcomes since the last call, perhaps none. */
    public List<Outcome> takeOutcomes() {
        if (outcomes.isEmpty()) {
            return List.of();
        }
        List<Outcome> taken = outcomes;
        outcomes = new ArrayList<>();
        return taken;
    }

    public EngineFigures figures() {
        return counters.figures(scheduler);
    }

    /** Lets go of the saved prefixes. */
    public void close() {
        plan.clear();
        prefixes.clear();
    }

    private void seatSamples() {
        List<Sequence> seated = scheduler.seated();
        for (int i = 0; i < seated.size(); i++) {
            Sequence sequence = seated.get(i);
            if (!sequence.running()) {
                continue; // another sample of its attempt was refused just now
            }
            int slot = sequence.slot();
            Attempt attempt = attempts.get(sequence.ticket());
            Sample sample = new Sample(attempt, sequence);
            try {
                engine.seat(slot, attempt.job().params(), sample.seed, sequence.prompt());
            } catch (EngineException e) {
                refuse(sequence.ticket(), e.getMessage());
                scheduler.invalidate(slot);
                continue;
            }
            samples[slot] = sample;
            counters.cachedTokens += sequence.cachedTokens();
            if (!attempt.started() && !unstarted.contains(attempt)) {
                unstarted.add(attempt);
            }
        }
    }

    /** Every sequence in the plan was refused, so its copies and trims will not be made. */
    private void dropPlan() {
        for (int i = 0; i < plan.operationCount(); i++) {
            scheduler.invalidate(plan.operationSlot(i));
        }
    }

    private void start(long nanos) {
        for (int i = unstarted.size() - 1; i >= 0; i--) {
            Attempt attempt = unstarted.get(i);
            for (Sequence sequence : attempt.sequences()) {
                if (sequence.running() && scheduler.planned(sequence.slot()) > 0) {
                    attempt.start(nanos);
                    unstarted.remove(i);
                    break;
                }
            }
        }
    }

    private void update(long nanos) {
        scheduler.stepped();
        savePrefixes();
        counters.steps++;
        int next = 0;
        for (int i = 0; i < plan.tokenCount(); i++) {
            Sample decoded = samples[plan.slot(i)];
            if (decoded != null && plan.position(i) < decoded.sequence.prompt().length) {
                counters.promptTokens++;
            }
            for (int draw = plan.draws(i); draw > 0; draw--) {
                int slot = plan.drawSlot(next);
                int token = drawn[next++];
                if (samples[slot] != null) { // else another sample of its attempt was refused just now
                    take(samples[slot], slot, token, nanos);
                }
            }
        }
    }

    private void savePrefixes() {
        for (SavedPrefix saved : scheduler.savePrefixes(cells)) {
            others.accept(saved);
            saved.cells().release();
        }
    }

    private void take(Sample sample, int slot, int token, long nanos) {
        Attempt attempt = sample.attempt;
        if (token == Engine.NO_TOKEN) {
            forget(attempt.ticket());
            outcomes.add(attempt.withoutToken(sample));
            return;
        }
        counters.generatedTokens++;
        attempt.answered(nanos);
        if (sample.scored()) {
            sample.score(engine.scores(slot), tokenizer);
        }
        if (!sample.take(token, tokenizer)) {
            scheduler.generated(slot, token);
            return;
        }
        counters.finishedSequences++;
        scheduler.remove(sample.sequence);
        samples[slot] = null;
        if (attempt.end(sample)) {
            attempts.remove(attempt.ticket());
            outcomes.add(attempt.outcome(nanos));
        }
    }

    /** The step has failed: the slots in it are lost, and the attempts in them refused. */
    private void lose(EngineException cause) {
        for (int i = 0; i < plan.operationCount(); i++) {
            lose(plan.operationSlot(i), cause);
        }
        for (int i = 0; i < plan.tokenCount(); i++) {
            lose(plan.slot(i), cause);
        }
        failures++;
        if (failures == failuresInARow) {
            throw new EngineException(failures + " steps in a row failed, the last: " + cause.getMessage(), cause);
        }
    }

    private void lose(int slot, EngineException cause) {
        if (samples[slot] != null) {
            refuse(samples[slot].attempt.ticket(), cause.getMessage());
        }
        scheduler.invalidate(slot);
    }

    private void refuse(long ticket, String message) {
        forget(ticket);
        outcomes.add(new Outcome.Refused(ticket, FailureKind.ENGINE_ERROR, message));
    }

    private void forget(long ticket) {
        Attempt attempt = attempts.remove(ticket);
        if (attempt == null) {
            return; // it has ended, and its outcome is on its way
        }
        unstarted.remove(attempt);
        for (Sequence sequence : attempt.sequences()) {
            if (sequence.running()) {
                samples[sequence.slot()] = null;
            }
            scheduler.remove(sequence);
        }
    }
}
