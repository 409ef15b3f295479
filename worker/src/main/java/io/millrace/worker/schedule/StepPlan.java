package io.millrace.worker.schedule;

import java.util.Arrays;

/**
 * What one native decode does, in this order: cache copies, trims and restores, then tokens. Reused from step to step, so that a
 * step makes no garbage.
 *
 * <p>Tokens are in ascending order of slot, each slot's tokens together and in order of position; at most the last
 * token of a slot is sampled: its row of logits is drawn from once for the slot itself and once for each slot that
 * {@linkplain Followers follows} it. The engine answers with one token per draw, in the same order.
 *
 * <p>Confined to the decode thread.
 */
public final class StepPlan {
    private int[] operations = new int[48];
    /** The cells of an operation that restores; null at those that keep. */
    private SavedCells[] restored = new SavedCells[16];

    private int operationCount;

    private int[] tokens = new int[64];
    private int[] positions = new int[64];
    private int[] slots = new int[64];
    private int[] draws = new int[64];
    private int tokenCount;

    private int[] drawSlots = new int[64];
    private int drawCount;
    private int adapter;

    /** Empties the plan and lets go of its saved cells. */
    public void clear() {
        for (int i = 0; i < operationCount; i++) {
            if (restored[i] != null) {
                restored[i].release();
                restored[i] = null;
            }
        }
        adapter = 0;
        operationCount = 0;
        tokenCount = 0;
        drawCount = 0;
    }

    /**
     * The slot's cache becomes the first {@code keptTokens} cells of {@code fromSlot}'s, whatever it held. With {@code
     * fromSlot == slot} its own cache is cut to that length; 0 empties it.
     */
    public void keep(int slot, int fromSlot, int keptTokens) {
        operation(slot, fromSlot, keptTokens);
    }

    /**
     * The slot's cache, which holds {@code from} cells, gets those behind them up to {@code to} from saved ones, which
     * have them. The plan holds the saved cells until it is cleared.
     */
    public void restore(int slot, SavedCells cells, int from, int to) {
        cells.retain();
        operation(slot, from, to);
        restored[operationCount - 1] = cells;
    }

    private void operation(int slot, int from, int to) {
        if (operationCount == restored.length) {
            operations = Arrays.copyOf(operations, operations.length * 2);
            restored = Arrays.copyOf(restored, restored.length * 2);
        }
        int at = operationCount++ * 3;
        operations[at] = slot;
        operations[at + 1] = from;
        operations[at + 2] = to;
    }

    /** Adds a token to decode; {@code sample} asks for the token that follows it. */
    public void token(int slot, int token, int position, boolean sample) {
        if (tokenCount == tokens.length) {
            int capacity = tokenCount * 2;
            tokens = Arrays.copyOf(tokens, capacity);
            positions = Arrays.copyOf(positions, capacity);
            slots = Arrays.copyOf(slots, capacity);
            draws = Arrays.copyOf(draws, capacity);
        }
        tokens[tokenCount] = token;
        positions[tokenCount] = position;
        slots[tokenCount] = slot;
        draws[tokenCount] = 0;
        tokenCount++;
        if (sample) {
            draw(slot);
        }
    }

    /** Draws once more from the row of the token added last, for this slot. */
    public void draw(int slot) {
        if (drawCount == drawSlots.length) {
            drawSlots = Arrays.copyOf(drawSlots, drawCount * 2);
        }
        drawSlots[drawCount++] = slot;
        draws[tokenCount - 1]++;
    }

    /** All tokens are of sequences of this adapter. */
    void adapter(int newAdapter) {
        adapter = newAdapter;
    }

    /** The engine's adapter to decode the tokens with, counted from 1; 0 for the model alone. */
    public int adapter() {
        return adapter;
    }

    public int operationCount() {
        return operationCount;
    }

    public int operationSlot(int operation) {
        return operations[operation * 3];
    }

    /** Whether the operation restores saved cells; else it keeps cells of a slot. */
    public boolean restores(int operation) {
        return restored[operation] != null;
    }

    /** What the operation restores from. */
    public SavedCells operationCells(int operation) {
        if (restored[operation] == null) {
            throw new IllegalArgumentException("operation " + operation + " keeps cells and restores none");
        }
        return restored[operation];
    }

    /** How many cells the slot holds before the operation restores others. */
    public int operationFromTokens(int operation) {
        return operations[operation * 3 + 1];
    }

    /** The slot whose cells the operation keeps. */
    public int operationFromSlot(int operation) {
        return operations[operation * 3 + 1];
    }

    /** How many cells the slot holds after the operation. */
    public int operationKeptTokens(int operation) {
        return operations[operation * 3 + 2];
    }

    public int tokenCount() {
        return tokenCount;
    }

    public int token(int i) {
        return tokens[i];
    }

    public int position(int i) {
        return positions[i];
    }

    public int slot(int i) {
        return slots[i];
    }

    public boolean sampled(int i) {
        return draws[i] > 0;
    }

    /** How many draws there are from the token's row: none, one for its own slot, or more. */
    public int draws(int i) {
        return draws[i];
    }

    /** How many draws there are in all; the engine answers each with a token. */
    public int drawCount() {
        return drawCount;
    }

    /** The slot that a draw is for; draws are in the order of their tokens. */
    public int drawSlot(int draw) {
        return drawSlots[draw];
    }
}
