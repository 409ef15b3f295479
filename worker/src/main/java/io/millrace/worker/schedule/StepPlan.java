package io.millrace.worker.schedule;

import java.util.Arrays;

/**
 * What one native decode does, in this order: cache copies and trims, then tokens. Reused from step to step, so that a
 * step makes no garbage.
 *
 * <p>Tokens are in ascending order of slot, each slot's tokens together and in order of position; at most the last
 * token of a slot is sampled. The engine answers with one token per sampled slot, in the same order.
 *
 * <p>Confined to the decode thread.
 */
public final class StepPlan {
    private int[] operations = new int[48];
    private int operationCount;

    private int[] tokens = new int[64];
    private int[] positions = new int[64];
    private int[] slots = new int[64];
    private boolean[] sampled = new boolean[64];
    private int tokenCount;
    private int sampleCount;
    private int adapter;

    /** Empties the plan. */
    public void clear() {
        adapter = 0;
        operationCount = 0;
        tokenCount = 0;
        sampleCount = 0;
    }

    /**
     * The slot's cache becomes the first {@code keptTokens} cells of {@code fromSlot}'s, whatever it held. With {@code
     * fromSlot == slot} its own cache is cut to that length; 0 empties it.
     */
    public void keep(int slot, int fromSlot, int keptTokens) {
        if (operationCount * 3 == operations.length) {
            operations = Arrays.copyOf(operations, operations.length * 2);
        }
        int at = operationCount++ * 3;
        operations[at] = slot;
        operations[at + 1] = fromSlot;
        operations[at + 2] = keptTokens;
    }

    /** Adds a token to decode; {@code sample} asks for the token that follows it. */
    public void token(int slot, int token, int position, boolean sample) {
        if (tokenCount == tokens.length) {
            int capacity = tokenCount * 2;
            tokens = Arrays.copyOf(tokens, capacity);
            positions = Arrays.copyOf(positions, capacity);
            slots = Arrays.copyOf(slots, capacity);
            sampled = Arrays.copyOf(sampled, capacity);
        }
        tokens[tokenCount] = token;
        positions[tokenCount] = position;
        slots[tokenCount] = slot;
        sampled[tokenCount] = sample;
        tokenCount++;
        if (sample) {
            sampleCount++;
        }
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

    public int operationFromSlot(int operation) {
        return operations[operation * 3 + 1];
    }

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
        return sampled[i];
    }

    /** How many tokens the engine answers with. */
    public int sampleCount() {
        return sampleCount;
    }
}
