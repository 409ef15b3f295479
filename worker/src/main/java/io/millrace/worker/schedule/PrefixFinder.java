package io.millrace.worker.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds what of a sequence's tokens is computed already, in a slot or in the {@link PrefixCache}, and plans to take it
 * over; and gives the prefix cache what it does not know.
 *
 * <p>Confined to the decode thread.
 */
final class PrefixFinder {
    private final Slot[] slots;
    private final PrefixCache saved;
    private final int copyThreshold;

    // What was found last
    private Slot slot;
    private int[] tokens;
    private int adapter;
    private Slot from;
    private int inSlot;
    private int inAll;

    /** @param copyThreshold how many tokens a copy from elsewhere must save to be worth it */
    PrefixFinder(Slot[] slots, PrefixCache saved, int copyThreshold) {
        this.slots = slots;
        this.saved = saved;
        this.copyThreshold = copyThreshold;
    }

    /**
     * Looks for the longest prefix of all but the last of these tokens.
     *
     * @param forSlot the slot that is to get it, whose own cells need no copy
     * @return how many tokens were found
     */
    int find(Slot forSlot, int[] ofTokens, int ofAdapter) {
        slot = forSlot;
        tokens = ofTokens;
        adapter = ofAdapter;
        int own = slot.sharedPrefix(tokens, adapter, slot.cached, 0);
        inSlot = own;
        from = slot;
        for (Slot other : slots) {
            int shared = other.sharedPrefix(tokens, adapter, other.cached, inSlot);
            if (shared > inSlot) {
                inSlot = shared;
                from = other;
            }
        }
        if (inSlot - own < copyThreshold) {
            inSlot = own;
            from = slot;
        }
        inAll = inSlot;
        int limit = tokens.length - 1;
        if (saved.enabled() && limit - inSlot >= copyThreshold) {
            int known = Math.min(limit, saved.known(adapter, tokens));
            inAll = known - inSlot < copyThreshold ? inSlot : known;
        }
        return inAll;
    }

    /** Plans to give the slot what was found last. */
    void take(StepPlan plan) {
        plan.keep(slot.index, from.index, inSlot);
        if (inAll > inSlot) {
            saved.restore(plan, slot.index, adapter, tokens, inSlot, inAll);
        }
    }

    /** Saves what the prefix cache does not know of the prompts in these slots, and tells what that was. */
    List<SavedPrefix> save(List<Slot> prefilled, SavedCells.Source engine) {
        if (prefilled.isEmpty() || !saved.enabled()) {
            return List.of();
        }
        List<SavedPrefix> news = new ArrayList<>();
        for (Slot each : prefilled) {
            int[] prompt = each.occupant.prompt();
            int known = saved.known(each.adapter(), prompt);
            // All but the last token can be taken over.
            if (prompt.length - 1 - known >= copyThreshold) {
                save(each, known, engine, news);
            }
        }
        return news;
    }

    private void save(Slot of, int known, SavedCells.Source engine, List<SavedPrefix> news) {
        int[] prompt = of.occupant.prompt();
        int begin = known;
        while (begin < prompt.length) {
            int end = Math.min(prompt.length, begin + PrefixCache.PIECE);
            SavedPrefix piece = new SavedPrefix(of.adapter(), prompt, begin, end, engine.save(of.index, begin, end));
            news.add(piece);
            piece.cells().retain();
            saved.add(piece);
            begin = end;
        }
    }
}
