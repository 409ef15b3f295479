package io.millrace.worker.schedule;

import java.util.ArrayList;
import java.util.List;

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
 * the {@link PrefixCache}. With one slot only the samples of a job share: what is computed for a job then does not depend on the job before it, not to the last bit, so that the same run
 * gives the same texts whatever order its jobs come in.
 *
 * <p>Samples of a job are decoded once for as long as they have the same tokens: see {@link Followers}.
 *
 * <p>A step is of one adapter, and what one adapter computed is never taken over by another. Slots go to the adapters in
 * {@linkplain WaitingLines turns}, so that mostly all slots are of one; while a turn ends, steps alternate.
 *
 * <p>Confined to the decode thread.
 */
public final class Scheduler {
    /** How many prefills of others a sequence waits for at most. */
    private static final int MOST_WAITS = 4;

    /** While others wait, an adapter's turn seats so many times the slots. */
    private static final int TURN_ROUNDS = 4;

    private final Slot[] slots;
    private final int slotTokens;
    private final int stepTokens;
    private final int copyThreshold;
    private final int lookAhead;

    private final PrefixCache prefixes;
    private final Followers followers;
    private final WaitingLines waiting;
    /** Slots with prompt tokens to decode, in order of seating. */
    private final List<Slot> prefilling = new ArrayList<>();

    /** Slots whose prompt the last step has finished. */
    private final List<Slot> prefilled = new ArrayList<>();

    private final List<Sequence> seated = new ArrayList<>();
    private int running;
    private long reservedTokens;
    /** The adapter of the last step. */
    private int adapter;

    /** Without a prefix cache. */
    public Scheduler(int slots, int slotTokens, int stepTokens, int copyThreshold, int lookAhead) {
        this(slots, slotTokens, stepTokens, copyThreshold, lookAhead, new PrefixCache(0));
    }

    /**
     * @param slots places for sequences
     * @param slotTokens what prompt and completion of a sequence may take together
     * @param stepTokens the most tokens of a step, at least one for each slot
     * @param copyThreshold how many prompt tokens a cache copy must save to be worth it, at least 1; a copy moves the
     *     whole slot
     * @param lookAhead how many sequences that wait for a prefill are passed over in search of one that need not
     * @param prefixes of this scheduler's engine; not used with one slot
     */
    public Scheduler(
            int slots, int slotTokens, int stepTokens, int copyThreshold, int lookAhead, PrefixCache prefixes) {
        if (slots < 1 || slotTokens < 2 || stepTokens < slots || copyThreshold < 1 || lookAhead < 1) {
            throw new IllegalArgumentException(slots + " slots, " + slotTokens + " tokens a slot, " + stepTokens
                    + " tokens a step, copies from " + copyThreshold + " tokens and a look-ahead of " + lookAhead
                    + " make no schedule");
        }
        this.slots = new Slot[slots];
        for (int i = 0; i < slots; i++) {
            this.slots[i] = new Slot(i);
        }
        this.slotTokens = slotTokens;
        this.stepTokens = stepTokens;
        this.copyThreshold = copyThreshold;
        this.lookAhead = lookAhead;
        this.prefixes = slots == 1 ? new PrefixCache(0) : prefixes;
        this.followers = new Followers(this.slots);
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
            leave(slots[sequence.slot]);
        }
    }

    /** Forgets what the slot's cache holds, and takes out the sequence in it. */
    public void invalidate(int slot) {
        Slot lost = slots[slot];
        if (lost.followers > 0) {
            throw new IllegalStateException("slot " + slot + " is lost, but not the " + lost.followers
                    + " sequences that follow it: remove them first");
        }
        if (lost.occupant != null) {
            leave(lost);
        }
        lost.forget();
    }

    /** Seats waiting sequences in free slots, lowest first; {@link #seated} tells which. */
    public void seatWaiting(StepPlan plan) {
        seated.clear();
        followers.copyCells(plan);
        int passedOver = 0;
        int free = 0;
        Sequence next = waiting.first();
        while (next != null && running < slots.length && passedOver < lookAhead && waiting.inTurn()) {
            Sequence sequence = next;
            next = sequence.behind;
            if (awaitsPrefill(sequence)) {
                passedOver++;
                continue;
            }
            while (slots[free].occupant != null) {
                free++;
            }
            if (!seat(sequence, slots[free], plan)) {
                passedOver++;
            }
        }
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
        for (Slot slot : slots) {
            slot.planned = slot.runs(adapter) && slot.pending() == 1 ? 1 : 0;
            budget -= slot.planned;
        }
        for (Slot slot : prefilling) {
            if (slot.planned == 0 && slot.runs(adapter)) {
                slot.planned = Math.min(slot.pending(), budget);
                budget -= slot.planned;
            }
        }
        for (Slot slot : slots) {
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
        for (Slot slot : slots) {
            if (slot.occupant != null) {
                int its = slot.occupant.adapter();
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
        return slots[slot].planned;
    }

    /** The engine has decoded the plan. */
    public void stepped() {
        for (Slot slot : slots) {
            slot.cached += slot.planned;
            slot.planned = 0;
        }
        prefilled.clear();
        int kept = 0;
        for (int i = 0; i < prefilling.size(); i++) {
            Slot slot = prefilling.get(i);
            if (slot.prefilling()) {
                prefilling.set(kept++, slot);
            } else {
                prefilled.add(slot);
            }
        }
        while (prefilling.size() > kept) {
            prefilling.remove(prefilling.size() - 1);
        }
    }

    /**
     * Saves what the last step's prompts have brought and the prefix cache does not know. To be called before any of their
     * sequences is removed.
     *
     * @return what was saved, for the prefix caches of the model's other engines; the caller holds each once
     */
    public List<SavedPrefix> savePrefixes(SavedCells.Source engine) {
        if (prefilled.isEmpty() || !prefixes.enabled()) {
            return List.of();
        }
        List<SavedPrefix> saved = new ArrayList<>();
        for (Slot slot : prefilled) {
            int[] prompt = slot.occupant.prompt();
            int from = prefixes.known(slot.occupant.adapter(), prompt);
            // All but the last token can be taken over.
            if (prompt.length - 1 - from >= copyThreshold) {
                for (int to = from; from < prompt.length; from = to) {
                    to = Math.min(prompt.length, from + PrefixCache.PIECE);
                    SavedCells cells = engine.save(slot.index, from, to);
                    SavedPrefix prefix = new SavedPrefix(slot.occupant.adapter(), prompt, from, to, cells);
                    saved.add(prefix);
                    cells.retain();
                    prefixes.add(prefix);
                }
            }
        }
        return saved;
    }

    /** The sequence in a slot goes on with this token. */
    public void generated(int slot, int token) {
        if (slots[slot].leader == null) {
            slots[slot].generated(token);
        } else {
            followers.generated(slots[slot], token);
        }
    }

    /** Whether there is nothing to run. */
    public boolean idle() {
        return running == 0 && waiting.size() == 0;
    }

    public int running() {
        return running;
    }

    public int waiting() {
        return waiting.size();
    }

    /** Cells reserved by running sequences. */
    public long reservedTokens() {
        return reservedTokens;
    }

    /** Cells there are. */
    public long capacityTokens() {
        return (long) slots.length * slotTokens;
    }

    /** Whether the prefill that the sequence waits for still goes on. */
    private boolean awaitsPrefill(Sequence sequence) {
        Sequence awaited = sequence.awaited;
        if (awaited == null) {
            return false;
        }
        if (awaited.running() && slots[awaited.slot].cached < sequence.awaitedTokens) {
            return true;
        }
        sequence.awaited = null;
        return false;
    }

    /** Seats the sequence unless a prefill that goes on brings much of its prompt. */
    private boolean seat(Sequence sequence, Slot slot, StepPlan plan) {
        if (slots.length == 1 && slot.lastTicket != sequence.ticket()) {
            slot.forget();
        }
        Slot leader = followers.leaderOf(sequence);
        if (leader != null) {
            slot.seatBehind(leader, sequence);
            plan.keep(slot.index, slot.index, 0);
            seated(sequence);
            return true;
        }
        int own = slot.sharedPrefix(sequence, slot.cached, 0);
        int best = own;
        Slot from = slot;
        for (Slot other : slots) {
            int shared = other.sharedPrefix(sequence, other.cached, best);
            if (shared > best) {
                best = shared;
                from = other;
            }
        }
        if (best - own < copyThreshold) {
            best = own;
            from = slot;
        }
        int saved = savedPrefix(sequence, best);
        if (sequence.waits < MOST_WAITS && awaitPrefill(sequence, saved)) {
            return false;
        }
        plan.keep(slot.index, from.index, best);
        if (saved > best) {
            prefixes.restore(plan, slot.index, sequence.adapter(), sequence.prompt(), best, saved);
        }
        slot.seat(sequence, saved);
        prefilling.add(slot);
        seated(sequence);
        return true;
    }

    /** How much of the prompt the prefix cache has, if that is enough more than {@code available}; else that. */
    private int savedPrefix(Sequence sequence, int available) {
        int limit = sequence.prompt().length - 1;
        if (!prefixes.enabled() || limit - available < copyThreshold) {
            return available;
        }
        int saved = Math.min(limit, prefixes.known(sequence.adapter(), sequence.prompt()));
        return saved - available < copyThreshold ? available : saved;
    }

    private void seated(Sequence sequence) {
        waiting.seat(sequence);
        seated.add(sequence);
        running++;
        reservedTokens += sequence.reservedTokens();
    }

    /** Lets the sequence wait for the prefill that brings the most of its prompt, if one saves enough. */
    private boolean awaitPrefill(Sequence sequence, int available) {
        int best = available;
        Sequence awaited = null;
        for (Slot slot : prefilling) {
            int shared = slot.sharedPrefix(sequence, slot.occupant.prompt().length, best);
            if (shared > best) {
                best = shared;
                awaited = slot.occupant;
            }
        }
        if (best - available < copyThreshold) {
            return false;
        }
        sequence.awaited = awaited;
        sequence.awaitedTokens = best;
        sequence.waits++;
        return true;
    }

    private void leave(Slot slot) {
        prefilling.remove(slot);
        if (slot.followers > 0 && slot.pending() > 0) {
            Slot heir = followers.succeed(slot);
            if (heir.prefilling()) {
                prefilling.add(heir);
            }
        }
        running--;
        reservedTokens -= slot.occupant.reservedTokens();
        slot.free();
    }
}
