package io.millrace.worker.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * The slots that have more than one token to decode, mostly prompts, and the sequences that wait for one of them instead of
 * decoding the same tokens.
 *
 * <p>Confined to the decode thread.
 */
final class Prefills {
    /** How many prefills of others a sequence waits for at most. */
    private static final int MOST_WAITS = 4;

    private final SlotTable slots;
    private final int copyThreshold;
    /** In order of seating. */
    private final List<Slot> running = new ArrayList<>();

    private final List<Slot> finished = new ArrayList<>();

    /** @param copyThreshold how many tokens waiting must save to be worth it */
    Prefills(SlotTable slots, int copyThreshold) {
        this.slots = slots;
        this.copyThreshold = copyThreshold;
    }

    void add(Slot slot) {
        running.add(slot);
    }

    void remove(Slot slot) {
        running.remove(slot);
    }

    /** Those that go on, in order of seating; not to be changed. */
    List<Slot> running() {
        return running;
    }

    /** Those that the last step has finished; not to be changed. */
    List<Slot> finished() {
        return finished;
    }

    /** The planned tokens are in the cache. */
    void stepped() {
        finished.clear();
        int kept = 0;
        for (int i = 0; i < running.size(); i++) {
            Slot slot = running.get(i);
            if (slot.pending() > 0) {
                running.set(kept++, slot);
            } else {
                finished.add(slot);
            }
        }
        while (running.size() > kept) {
            running.remove(running.size() - 1);
        }
    }

    /** Whether the prefill that the sequence waits for still goes on. */
    boolean awaited(Sequence sequence) {
        Sequence awaited = sequence.awaited;
        if (awaited == null) {
            return false;
        }
        if (awaited.running() && slots.get(awaited.slot).cached < sequence.awaitedTokens) {
            return true;
        }
        sequence.awaited = null;
        return false;
    }

    /**
     * Lets the sequence wait for the prefill that brings the most of its prompt, if one saves enough.
     *
     * @param available how much of the prompt is there already
     */
    boolean await(Sequence sequence, int available) {
        if (sequence.waits == MOST_WAITS) {
            return false;
        }
        int best = available;
        Sequence awaited = null;
        for (Slot slot : running) {
            int shared = slot.sharedPrefix(sequence.prompt(), sequence.adapter(), slot.occupant.prompt().length, best);
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
}
