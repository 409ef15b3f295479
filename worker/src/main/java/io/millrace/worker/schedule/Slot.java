package io.millrace.worker.schedule;

import java.util.Arrays;

/**
 * A place for a sequence: the tokens whose keys and values are in its cache, and behind them the tokens that its
 * sequence has still to decode. What a sequence leaves in the cache stays known, for the next one to use.
 *
 * <p>Confined to the decode thread.
 */
final class Slot {
    final int index;
    /** The sequence that runs here, or null. */
    Sequence occupant;
    /** The attempt whose sequence was seated here last. */
    long lastTicket;
    /** The adapter with which what is in the cache was computed. */
    private int adapter;

    /** How many of the tokens are in the cache. */
    int cached;
    /** How many tokens the step being planned decodes here. */
    int planned;

    private int[] tokens = new int[0];
    private int length;

    Slot(int index) {
        this.index = index;
    }

    /** Seats a sequence whose first {@code kept} prompt tokens are in the cache. */
    void seat(Sequence sequence, int kept) {
        int[] prompt = sequence.prompt();
        if (tokens.length < sequence.reservedTokens()) {
            tokens = Arrays.copyOf(prompt, sequence.reservedTokens());
        } else {
            System.arraycopy(prompt, 0, tokens, 0, prompt.length);
        }
        length = prompt.length;
        cached = kept;
        planned = 0;
        occupant = sequence;
        lastTicket = sequence.ticket();
        adapter = sequence.adapter();
        sequence.slot = index;
        sequence.cachedTokens = kept;
    }

    /** Frees the slot; its cache stays as it is. */
    void free() {
        occupant.slot = -1;
        occupant = null;
        length = cached;
        planned = 0;
    }

    /** The cache holds nothing that is known. */
    void forget() {
        cached = 0;
        length = 0;
    }

    /** Tokens still to decode before the next one can be sampled. */
    int pending() {
        return length - cached;
    }

    /** Whether a sequence of this adapter runs here. */
    boolean runs(int itsAdapter) {
        return occupant != null && adapter == itsAdapter;
    }

    boolean prefilling() {
        return cached < occupant.prompt().length;
    }

    void generated(int token) {
        if (pending() != 0 || length == occupant.reservedTokens() - 1) {
            throw new IllegalStateException(occupant + " in slot " + index + " cannot take another token: " + length
                    + " tokens of " + occupant.reservedTokens() + ", " + pending() + " of them not decoded");
        }
        tokens[length++] = token;
    }

    /** Adds the planned tokens to a step. */
    void plan(StepPlan plan) {
        for (int position = cached; position < cached + planned; position++) {
            plan.token(index, tokens[position], position, position == length - 1);
        }
    }

    /**
     * The length of the prefix that the prompt shares with this slot's first {@code known} tokens, if it is longer than
     * {@code atLeast}; else {@code atLeast}, as it is where the two are of different adapters.
     */
    int sharedPrefix(Sequence sequence, int known, int atLeast) {
        int[] prompt = sequence.prompt();
        int limit = Math.min(known, prompt.length - 1);
        // A longer prefix must agree in the token at atLeast: this spares most comparisons.
        if (limit <= atLeast || adapter != sequence.adapter() || tokens[atLeast] != prompt[atLeast]) {
            return atLeast;
        }
        int mismatch = Arrays.mismatch(tokens, 0, limit, prompt, 0, limit);
        return Math.max(atLeast, mismatch < 0 ? limit : mismatch);
    }
}
