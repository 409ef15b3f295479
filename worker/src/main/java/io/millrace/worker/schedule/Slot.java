package io.millrace.worker.schedule;

import java.util.Arrays;

/**
 * A place for a sequence: the tokens whose keys and values are in its cache, and behind them the tokens that its
 * sequence has still to decode. What a sequence leaves in the cache stays known, for the next one to use.
 *
 * <p>A sequence decodes, or it follows another one and has no cells, or it has parted from the one that it followed and
 * waits for cells of its own.
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
    /** Whether the sequence here has parted from its leader and has no cells yet. */
    private boolean parted;

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

    /** Goes on without its leader, with all tokens that the leader has. */
    void part() {
        leaveLeader(leader.length);
    }

    /** Goes on without its leader, with what the leader had decoded when both drew, and this token behind it. */
    void part(int token) {
        leaveLeader(leader.cached);
        tokens[length++] = token;
    }

    private void leaveLeader(int sameTokens) {
        Slot from = leader;
        stopFollowing();
        hold(from.tokens, sameTokens, occupant.reservedTokens());
        cached = 0;
        adapter = from.adapter;
        parted = true;
    }

    /** The sequence that has parted gets cells, of which so many are there. */
    void takeCells(int kept) {
        parted = false;
        cached = kept;
    }

    /** Whether the last token is this one and the others are all that the slot has decoded. */
    boolean goesOn(Slot from, int token) {
        return length == from.cached + 1
                && tokens[length - 1] == token
                && Arrays.equals(tokens, 0, from.cached, from.tokens, 0, from.cached);
    }

    /** Frees the slot; its cache stays as it is. */
    void free() {
        stopFollowing();
        parted = false;
        occupant.slot = -1;
        occupant = null;
        length = cached;
        planned = 0;
    }

    /** Whether a sequence decodes here. */
    boolean decodes() {
        return occupant != null && leader == null && !parted;
    }

    /** Whether cells are in use here, for a sequence that decodes or for those that come after it. */
    boolean holdsCells() {
        return cached > 0 || decodes();
    }

    /** All tokens of the sequence. */
    int[] allTokens() {
        return Arrays.copyOf(tokens, length);
    }

    int adapter() {
        return adapter;
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

    /** Whether a sequence of this adapter decodes here. */
    boolean decodes(int itsAdapter) {
        return decodes() && adapter == itsAdapter;
    }

    /** Whether no token was drawn for the sequence here yet. */
    boolean undrawn() {
        return length == occupant.prompt().length && pending() > 0;
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
     * The length of the prefix that all but the last of these tokens share with this slot's first {@code known}, if it is
     * longer than {@code atLeast}; else {@code atLeast}, as it is where the two are of different adapters.
     */
    int sharedPrefix(int[] prompt, int itsAdapter, int known, int atLeast) {
        int limit = Math.min(known, prompt.length - 1);
        // A longer prefix must agree in the token at atLeast: this spares most comparisons.
        if (limit <= atLeast || adapter != itsAdapter || tokens[atLeast] != prompt[atLeast]) {
            return atLeast;
        }
        int mismatch = Arrays.mismatch(tokens, 0, limit, prompt, 0, limit);
        return Math.max(atLeast, mismatch < 0 ? limit : mismatch);
    }
}
