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

    /** The slot whose sequence has the same tokens as the one here so far, which decodes for both; or null. */
    Slot leader;
    /** How many slots follow this one. */
    int followers;
    /** The slot whose cells the next step copies into this one, or null. */
    Slot source;

    private int[] tokens = new int[0];
    private int length;

    Slot(int index) {
        this.index = index;
    }

    /** Seats a sequence whose first {@code kept} prompt tokens are in the cache. */
    void seat(Sequence sequence, int kept) {
        int[] prompt = sequence.prompt();
        hold(prompt, prompt.length, sequence.reservedTokens());
        cached = kept;
        adapter = sequence.adapter();
        occupy(sequence, kept);
    }

    /** Seats a sequence that has no cells of its own while it has the tokens of another slot's. */
    void seatBehind(Slot itsLeader, Sequence sequence) {
        forget();
        follow(itsLeader);
        occupy(sequence, sequence.prompt().length);
    }

    private void occupy(Sequence sequence, int kept) {
        if (followers > 0) {
            throw new IllegalStateException(followers + " sequences follow slot " + index + ", which is to be seated");
        }
        planned = 0;
        occupant = sequence;
        lastTicket = sequence.ticket();
        sequence.slot = index;
        sequence.cachedTokens = kept;
    }

    private void hold(int[] newTokens, int count, int room) {
        if (tokens.length < room) {
            tokens = Arrays.copyOf(Arrays.copyOf(newTokens, count), room);
        } else {
            System.arraycopy(newTokens, 0, tokens, 0, count);
        }
        length = count;
    }

    void follow(Slot another) {
        stopFollowing();
        leader = another;
        leader.followers++;
    }

    private void stopFollowing() {
        if (leader != null) {
            leader.followers--;
            leader = null;
        }
    }

    /**
     * Goes on without its leader, with the leader's cells, which the next step copies.
     *
     * @param withPending whether it also has what the leader has still to decode
     */
    void part(boolean withPending) {
        Slot from = leader;
        stopFollowing();
        hold(from.tokens, withPending ? from.length : from.cached, occupant.reservedTokens());
        cached = from.cached;
        adapter = from.adapter;
        source = from.source == null ? from : from.source;
    }

    /** Whether this is the one token that the sequence here has still to decode. */
    boolean awaits(int token) {
        return occupant != null && pending() == 1 && tokens[cached] == token;
    }

    /** Frees the slot; its cache stays as it is. */
    void free() {
        stopFollowing();
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
