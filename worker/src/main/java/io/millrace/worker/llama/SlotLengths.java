package io.millrace.worker.llama;

import io.millrace.worker.schedule.StepPlan;

/**
 * How many cells each slot holds, and whether a plan goes with that. llama.cpp ends the process on a wrong argument, so
 * every plan is checked here before native code sees a part of it.
 *
 * <p>Confined to the decode thread.
 */
final class SlotLengths {
    private final int[] lengths;
    private final int[] planned;
    private final int slotTokens;
    private final int stepTokens;
    private final int vocabularySize;

    SlotLengths(int slots, int slotTokens, int stepTokens, int vocabularySize) {
        this.lengths = new int[slots];
        this.planned = new int[slots];
        this.slotTokens = slotTokens;
        this.stepTokens = stepTokens;
        this.vocabularySize = vocabularySize;
    }

    /**
     * Looks at the whole plan; changes nothing.
     *
     * @throws IllegalArgumentException when it cannot be run
     */
    void check(StepPlan plan, int answers) {
        if (plan.tokenCount() < 1 || plan.tokenCount() > stepTokens) {
            throw new IllegalArgumentException(
                    "a step of " + plan.tokenCount() + " tokens; it must have 1 to " + stepTokens);
        }
        if (plan.drawCount() > lengths.length || plan.drawCount() > answers) {
            throw new IllegalArgumentException(
                    plan.drawCount() + " draws of " + lengths.length + " slots, with room for " + answers + " answers");
        }
        System.arraycopy(lengths, 0, planned, 0, lengths.length);
        for (int i = 0; i < plan.operationCount(); i++) {
            if (plan.restores(i)) {
                checkRestore(plan.operationSlot(i), plan.operationFromTokens(i), plan.operationKeptTokens(i));
            } else {
                checkKeep(plan.operationSlot(i), plan.operationFromSlot(i), plan.operationKeptTokens(i));
            }
        }
        for (int i = 0; i < plan.tokenCount(); i++) {
            checkToken(plan, i);
        }
    }

    /**
     * Whether cells of a slot can be saved.
     *
     * @throws IllegalArgumentException when it does not hold them
     */
    void checkSave(int slot, int from, int to) {
        checkSlot(slot);
        if (from < 0 || to <= from || to > lengths[slot]) {
            throw new IllegalArgumentException("cells " + from + " to " + to + " of slot " + slot + ", which holds "
                    + lengths[slot] + ", cannot be saved");
        }
    }

    private void checkRestore(int slot, int from, int to) {
        checkSlot(slot);
        if (from != planned[slot] || to <= from || to > slotTokens) {
            throw new IllegalArgumentException("slot " + slot + ", which holds " + planned[slot] + " of " + slotTokens
                    + " cells, is to get cells " + from + " to " + to);
        }
        planned[slot] = to;
    }

    private void checkKeep(int slot, int from, int kept) {
        checkSlot(slot);
        checkSlot(from);
        if (kept < 0 || kept > planned[from]) {
            throw new IllegalArgumentException("slot " + slot + " is to keep " + kept + " cells of slot " + from
                    + ", which holds " + planned[from]);
        }
        planned[slot] = kept;
    }

    private void checkToken(StepPlan plan, int i) {
        int slot = plan.slot(i);
        checkSlot(slot);
        if (i > 0 && slot < plan.slot(i - 1)) {
            throw new IllegalArgumentException(
                    "token " + i + " of the step is slot " + slot + "'s, after slot " + plan.slot(i - 1) + "'s");
        }
        if (plan.sampled(i) && i + 1 < plan.tokenCount() && plan.slot(i + 1) == slot) {
            throw new IllegalArgumentException(
                    "token " + i + " of the step is sampled and not slot " + slot + "'s last");
        }
        if (plan.token(i) < 0 || plan.token(i) >= vocabularySize) {
            throw new IllegalArgumentException(
                    "token " + plan.token(i) + " in slot " + slot + "; the vocabulary has " + vocabularySize);
        }
        if (plan.position(i) != planned[slot] || planned[slot] >= slotTokens) {
            throw new IllegalArgumentException("position " + plan.position(i) + " in slot " + slot + ", which holds "
                    + planned[slot] + " of " + slotTokens + " cells");
        }
        planned[slot]++;
    }

    private void checkSlot(int slot) {
        if (slot < 0 || slot >= lengths.length) {
            throw new IllegalArgumentException("slot " + slot + " of " + lengths.length);
        }
    }

    /** The plan looked at last was run. */
    void accept() {
        System.arraycopy(planned, 0, lengths, 0, lengths.length);
    }

    /** The slot's cells are lost. */
    void empty(int slot) {
        lengths[slot] = 0;
    }
}
