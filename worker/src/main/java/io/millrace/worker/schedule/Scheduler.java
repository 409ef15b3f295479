package io.millrace.worker.schedule;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides which sequences run in which slots and what each step decodes. A step goes
 *
 * <pre>
 *   seatWaiting(plan)    waiting sequences take free slots, with cache copies and trims
 *   fill(plan)           tokens: one for each decoding slot, then prompt chunks
 *   ... the engine runs the plan ...
 *   stepped()            the planned tokens are in the cache
 *   savePrefixes(...)    prompts that are now wholly there are kept outside of the slots
 *   generated(slot, t)   for each slot drawn for that goes on, in the plan's order, or
 *   remove(sequence)     for each one that has ended
 * </pre>
 *
 * <p>The caller decides when a sequence has ended, because that takes the text; the scheduler holds it to its {@code
 * max_tokens}. All of {@code prompt + max_tokens} is reserved when a sequence is seated, so that a slot cannot overflow.
 *
 * <p>Shared prefixes are found, not configured: a slot's cache stays known when its sequence has ended, and a sequence
 * being seated takes over the longest prefix of its prompt that any slot holds. A sequence whose prefix is just being
 * prefilled waits for that instead of repeating it, while others may go first. What no slot holds any more may still be in
 * the {@link PrefixCache}. With one slot only the samples of a job share: what is computed for a job then does not depend
 * on the job before it, not to the last bit, so that the same run gives the same texts whatever order its jobs come in.
 *
 * <p>Samples of a job are decoded once for as long as they have the same tokens: see {@link Followers}.
 *
 * <p>A step is of one adapter, and what one adapter computed is never taken over by another. Slots go to the adapters in
 * {@linkplain WaitingLines turns}, so that mostly all slots are of one; while a turn ends, steps alternate.
 *
 * <p>Confined to the decode thread.
 */
public final class Scheduler {
    /** While others wait, an adapter's turn seats so many times the slots. */
    private static final int TURN_ROUNDS = 4;

    private final SlotTable slots;
    private final int slotTokens;
    private final int stepTokens;
    private final int lookAhead;

    private final PrefixFinder prefixes;
    private final Followers followers;
    private final WaitingLines waiting;
    private final Prefills prefills;
    private final List<Sequence> seated = new ArrayList<>();
    /** Slots that were invalidated: the engine may have cells there, which count as none here. */
    private final Set<Slot> lost = new LinkedHashSet<>();
    /** The adapter of the last step. */
    private int adapter;

    /** Without a prefix cache. */
    public Scheduler(int slots, int slotTokens, int stepTokens, int copyThreshold, int lookAhead) {
        this(slots, slots, slotTokens, stepTokens, copyThreshold, lookAhead, new PrefixCache(0));
    }

    /**
     * @param slots sequences that decode at a time
     * @param sequences sequences that run at a time, with those that follow others or wait for cells; at least the slots
     * @param slotTokens what prompt and completion of a sequence may take together
     * @param stepTokens the most tokens of a step, at least one for each slot
     * @param copyThreshold how many prompt tokens a cache copy must save to be worth it, at least 1; a copy moves the
     *     whole slot
     * @param lookAhead how many sequences that wait for a prefill are passed over in search of one that need not
     * @param prefixes of this scheduler's engine; not used with one slot
     */
    public Scheduler(
            int slots,
            int sequences,
            int slotTokens,
            int stepTokens,
            int copyThreshold,
            int lookAhead,
            PrefixCache prefixes) {
        if (slots < 1
                || sequences < slots
                || slotTokens < 2
                || stepTokens < slots
                || copyThreshold < 1
                || lookAhead < 1) {
            throw new IllegalArgumentException(slots + " slots, " + sequences + " sequences, " + slotTokens
                    + " tokens a slot, " + stepTokens
                    + " tokens a step, copies from " + copyThreshold + " tokens and a look-ahead of " + lookAhead
                    + " make no schedule");
        }
        this.slots = new SlotTable(slots, sequences);
        this.slotTokens = slotTokens;
        this.stepTokens = stepTokens;
        this.lookAhead = lookAhead;
        this.prefixes = new PrefixFinder(this.slots.all(), slots == 1 ? new PrefixCache(0) : prefixes, copyThreshold);
        this.followers = new Followers(this.slots.all());
        this.prefills = new Prefills(this.slots, copyThreshold);
        this.waiting = new WaitingLines(slots * TURN_ROUNDS);
    }

    /** Whether a prompt of this length and its completion fit into a slot. */
    public boolean fits(int promptTokens, int maxTokens) {
        return (long) promptTokens + maxTokens <= slotTokens;
    }

    /** Puts a sequence at the end of the line. */
    public void add(Sequence sequence) {
        if (!fits(sequence.prompt().length, sequence.maxTokens())) {
            throw new IllegalArgumentException(sequence + " needs " + sequence.prompt().length + " + "
                    + sequence.maxTokens() + " tokens, a slot has " + slotTokens);
        }
        if (sequence.waiting || sequence.running()) {
            throw new IllegalStateException(sequence + " was added twice");
        }
        waiting.add(sequence);
    }

    /** Takes a sequence out that has ended or is not wanted any more; nothing happens where it is out already. */
    public void remove(Sequence sequence) {
        if (sequence.waiting) {
            waiting.remove(sequence);
        } else if (sequence.running()) {
            leave(slots.get(sequence.slot));
        }
    }

    /** Forgets what the slot's cache holds, and takes out the sequence in it. */
    public void invalidate(int slot) {
        Slot its = slots.get(slot);
        if (its.followers > 0) {
            throw new IllegalStateException("slot " + slot + " is lost, but not the " + its.followers
                    + " sequences that follow it: remove them first");
        }
        if (its.occupant != null) {
            leave(its);
        }
        its.forget();
        lost.add(its);
    }

    /** Seats waiting sequences in free slots, lowest first; {@link #seated} tells which. */
    public void seatWaiting(StepPlan plan) {
        seated.clear();
        seatParted(plan);
        int passedOver = 0;
        Sequence next = waiting.first();
        while (next != null && !slots.full() && passedOver < lookAhead && waiting.inTurn()) {
            Sequence sequence = next;
            next = sequence.behind;
            Slot leader = followers.leaderOf(sequence);
            if (leader != null) {
                seatBehind(leader, sequence, plan);
            } else if (slots.cellsTaken()) {
                break;
            } else if (prefills.awaited(sequence) || !seat(sequence, plan)) {
                passedOver++;
            }
        }
        emptyLost(plan);
    }

    /** Of slots that were lost those that no sequence took over, which begins by emptying. */
    private void emptyLost(StepPlan plan) {
        for (Slot slot : lost) {
            if (!slot.holdsCells()) {
                plan.keep(slot.index, slot.index, 0);
            }
        }
        lost.clear();
    }

    /** Gives cells to sequences that have parted from the ones they followed, as far as there are any. */
    private void seatParted(StepPlan plan) {
        List<Slot> parted = followers.parted();
        int given = 0;
        while (given < parted.size() && !slots.cellsTaken()) {
            Slot slot = parted.get(given++);
            slot.takeCells(prefixes.find(slot, slot.allTokens(), slot.adapter()));
            prefixes.take(plan);
            if (slot.pending() > 1) {
                prefills.add(slot);
            }
            slots.decodes(slot, plan);
        }
        parted.subList(0, given).clear();
    }

    /** What the last {@link #seatWaiting} seated; valid until the next. */
    public List<Sequence> seated() {
        return seated;
    }

    /**
     * Adds the tokens of the step, in ascending order of slot.
     *
     * @return whether there are any
     */
    public boolean fill(StepPlan plan) {
        adapter = nextAdapter();
        plan.adapter(adapter);
        int budget = stepTokens;
        for (Slot slot : slots.all()) {
            slot.planned = slot.decodes(adapter) && slot.pending() == 1 ? 1 : 0;
            budget -= slot.planned;
        }
        for (Slot slot : prefills.running()) {
            if (slot.planned == 0 && slot.decodes(adapter)) {
                slot.planned = Math.min(slot.pending(), budget);
                budget -= slot.planned;
            }
        }
        for (Slot slot : slots.all()) {
            slot.plan(plan);
            if (slot.followers > 0 && slot.planned > 0 && slot.planned == slot.pending()) {
                followers.draw(slot, plan);
            }
        }
        return plan.tokenCount() > 0;
    }

    /** The running adapters take steps in turn. */
    private int nextAdapter() {
        int lowest = Integer.MAX_VALUE;
        int next = Integer.MAX_VALUE;
        for (Slot slot : slots.all()) {
            if (slot.decodes()) {
                int its = slot.adapter();
                lowest = Math.min(lowest, its);
                next = its > adapter ? Math.min(next, its) : next;
            }
        }
        if (next < Integer.MAX_VALUE) {
            return next;
        }
        return lowest < Integer.MAX_VALUE ? lowest : 0;
    }

    /** How many tokens the last {@link #fill} planned for the slot. */
    public int planned(int slot) {
        return slots.get(slot).planned;
    }

    /** The engine has decoded the plan. */
    public void stepped() {
        for (Slot slot : slots.all()) {
            slot.cached += slot.planned;
            slot.planned = 0;
        }
        prefills.stepped();
    }

    /**
     * Saves what the last step's prompts have brought and the prefix cache does not know. To be called before any of their
     * sequences is removed.
     *
     * @return what was saved, for the prefix caches of the model's other engines; the caller holds each once
     */
    public List<SavedPrefix> savePrefixes(SavedCells.Source engine) {
        return prefixes.save(prefills.finished(), engine);
    }

    /** The sequence in a slot goes on with this token. */
    public void generated(int slot, int token) {
        Slot its = slots.get(slot);
        if (its.leader == null) {
            its.generated(token);
        } else {
            followers.generated(its, token);
        }
    }

    /** Whether there is nothing to run. */
    public boolean idle() {
        return slots.running() == 0 && waiting.size() == 0;
    }

    /** Sequences that were seated and have not ended. */
    public int running() {
        return slots.running();
    }

    /** Those of them that decode. */
    public int decoding() {
        return slots.decoding();
    }

    public int waiting() {
        return waiting.size();
    }

    /** Cells reserved by the sequences that decode. */
    public long reservedTokens() {
        return slots.reservedTokens();
    }

    /** Cells there are. */
    public long capacityTokens() {
        return (long) slots.withCells() * slotTokens;
    }

    /** Seats a sample of a job behind another one, in a slot without cells if there is one. */
    private void seatBehind(Slot leader, Sequence sequence, StepPlan plan) {
        Slot place = slots.free(false);
        if (place.holdsCells()) {
            plan.keep(place.index, place.index, 0);
        }
        place.seatBehind(leader, sequence);
        seated(sequence);
    }

    /** Seats the sequence unless a prefill that goes on brings much of its prompt. */
    private boolean seat(Sequence sequence, StepPlan plan) {
        Slot slot = slots.free(true);
        if (slots.all().length == 1 && slot.lastTicket != sequence.ticket()) {
            slot.forget();
        }
        int found = prefixes.find(slot, sequence.prompt(), sequence.adapter());
        if (prefills.await(sequence, found)) {
            return false;
        }
        prefixes.take(plan);
        slot.seat(sequence, found);
        prefills.add(slot);
        slots.decodes(slot, plan);
        seated(sequence);
        return true;
    }

    private void seated(Sequence sequence) {
        waiting.seat(sequence);
        seated.add(sequence);
        slots.seated();
    }

    private void leave(Slot slot) {
        prefills.remove(slot);
        followers.parted().remove(slot);
        if (slot.followers > 0 && slot.pending() > 0) {
            followers.succeed(slot);
        }
        slots.free(slot);
    }
}
