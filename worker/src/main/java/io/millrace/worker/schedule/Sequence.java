package io.millrace.worker.schedule;

/**
 * One sample of a job on its way through the scheduler.
 *
 * <p>Confined to the decode thread.
 */
public final class Sequence {
    private final long ticket;
    private final int sample;
    private final int[] prompt;
    private final int maxTokens;
    private final int adapter;
    private final boolean follows;

    /** The slot it runs in, or -1. */
    int slot = -1;

    int cachedTokens;

    /** Neighbours in the waiting line. */
    Sequence before;

    Sequence behind;

    boolean waiting;
    /** Its number among all that ever waited. */
    long arrival;

    /** A running sequence whose prefill brings the first {@link #awaitedTokens} tokens of this prompt. */
    Sequence awaited;

    int awaitedTokens;
    int waits;

    /** Of the model alone. */
    public Sequence(long ticket, int sample, int[] prompt, int maxTokens) {
        this(ticket, sample, prompt, maxTokens, 0, false);
    }

    /**
     * @param ticket the attempt it belongs to
     * @param sample its index in the job
     * @param prompt at least one token; shared with the other samples and never changed
     * @param maxTokens the most tokens it may generate, at least 1
     * @param adapter the engine's adapter to run it with, counted from 1; 0 for the model alone
     * @param follows whether it may draw from the row of another sample of its job for as long as both have the same
     *     tokens; their samplers must then differ in the seed alone
     */
    public Sequence(long ticket, int sample, int[] prompt, int maxTokens, int adapter, boolean follows) {
        if (prompt.length < 1 || maxTokens < 1) {
            throw new IllegalArgumentException("ticket " + ticket + ": a sequence of " + prompt.length
                    + " prompt tokens and max_tokens " + maxTokens + " cannot run");
        }
        this.ticket = ticket;
        this.sample = sample;
        this.prompt = prompt;
        this.maxTokens = maxTokens;
        this.adapter = adapter;
        this.follows = follows;
    }

    public long ticket() {
        return ticket;
    }

    public int sample() {
        return sample;
    }

    /** Not to be changed. */
    public int[] prompt() {
        return prompt;
    }

    public int maxTokens() {
        return maxTokens;
    }

    /** The engine's adapter to run it with, counted from 1; 0 for the model alone. */
    public int adapter() {
        return adapter;
    }

    /** Whether it may draw from the row of another sample of its job. */
    boolean follows() {
        return follows;
    }

    /** Whether it has a slot. */
    public boolean running() {
        return slot >= 0;
    }

    /** The slot it runs in. */
    public int slot() {
        if (slot < 0) {
            throw new IllegalStateException(this + " has no slot");
        }
        return slot;
    }

    /** How many prompt tokens were in the cache when it was seated. */
    public int cachedTokens() {
        return cachedTokens;
    }

    /** Cells that are kept for it. */
    public int reservedTokens() {
        return prompt.length + maxTokens;
    }

    @Override
    public String toString() {
        return "sequence " + ticket + "/" + sample;
    }
}
