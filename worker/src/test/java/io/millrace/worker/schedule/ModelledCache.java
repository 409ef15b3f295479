package io.millrace.worker.schedule;

import java.util.Arrays;

/**
 * The tokens whose keys and values an engine has in each slot, as a plan changes them; fails on a plan that an engine
 * would refuse.
 *
 * <p>Confined to one thread.
 */
public final class ModelledCache {
    private final int slotTokens;
    private final int stepTokens;
    private final int[][] cells;
    private final int[] lengths;

    public ModelledCache(int slots, int slotTokens, int stepTokens) {
        this.slotTokens = slotTokens;
        this.stepTokens = stepTokens;
        this.cells = new int[slots][16];
        this.lengths = new int[slots];
    }

    /** Does what the plan says. */
    public void apply(StepPlan plan) {
        require(plan.tokenCount() > 0 && plan.tokenCount() <= stepTokens, "a step of " + plan.tokenCount() + " tokens");
        for (int i = 0; i < plan.operationCount(); i++) {
            int slot = plan.operationSlot(i);
            if (plan.restores(i)) {
                restore(
                        slot,
                        (CopiedCells) plan.operationCells(i),
                        plan.operationFromTokens(i),
                        plan.operationKeptTokens(i));
            } else {
                keep(slot, plan.operationFromSlot(i), plan.operationKeptTokens(i));
            }
        }
        int draws = 0;
        for (int i = 0; i < plan.tokenCount(); i++) {
            int slot = plan.slot(i);
            require(
                    i == 0 || plan.slot(i - 1) <= slot,
                    "slot " + slot + " behind slot " + plan.slot(Math.max(0, i - 1)));
            require(
                    plan.position(i) == lengths[slot],
                    "slot " + slot + " has " + lengths[slot] + " cells, the token's position is " + plan.position(i));
            require(lengths[slot] < slotTokens, "slot " + slot + " is full");
            boolean last = i + 1 == plan.tokenCount() || plan.slot(i + 1) != slot;
            require(last || !plan.sampled(i), "slot " + slot + " is sampled before its last token");
            if (lengths[slot] == cells[slot].length) {
                cells[slot] = Arrays.copyOf(cells[slot], lengths[slot] * 2);
            }
            cells[slot][lengths[slot]++] = cell(plan.token(i), plan.adapter());
            require(
                    !plan.sampled(i) || plan.drawSlot(draws) == slot,
                    "the first draw from slot " + slot + "'s row is not its own");
            draws += plan.draws(i);
        }
        require(draws == plan.drawCount(), "drawCount is " + plan.drawCount() + ", not " + draws);
    }

    /** What an adapter computes of a token. */
    static int cell(int token, int adapter) {
        return token + 1_000_000 * adapter;
    }

    /** What the slot's next token would attend to. */
    public int[] content(int slot) {
        return Arrays.copyOf(cells[slot], lengths[slot]);
    }

    /** A failed step has lost what was in the slot. */
    public void lose(int slot) {
        lengths[slot] = 0;
    }

    /** Saves cells as an engine does. */
    public SavedCells save(int slot, int from, int to) {
        require(from >= 0 && from < to && to <= lengths[slot], "cells " + from + " to " + to + " of slot " + slot);
        return new CopiedCells(from, Arrays.copyOfRange(cells[slot], from, to));
    }

    private void restore(int slot, CopiedCells saved, int from, int to) {
        require(from == lengths[slot] && to <= slotTokens, "cells " + from + " to " + to + " for slot " + slot);
        cells[slot] = Arrays.copyOf(cells[slot], Math.max(16, to));
        System.arraycopy(saved.cells(from, to), 0, cells[slot], from, to - from);
        lengths[slot] = to;
    }

    private void keep(int slot, int from, int kept) {
        require(kept >= 0 && kept <= lengths[from], "slot " + from + " has " + lengths[from] + " cells, not " + kept);
        if (slot != from) {
            cells[slot] = Arrays.copyOf(cells[from], Math.max(16, lengths[from]));
        }
        lengths[slot] = kept;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError("illegal plan: " + message);
        }
    }
}
