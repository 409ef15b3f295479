package io.millrace.worker.chat;

import java.util.Arrays;

/**
 * Sees when a text goes round in circles: its last tokens are one cycle, repeated at least three times.
 *
 * <p>Confined to the decode thread.
 */
public final class LoopDetector {
    private static final int LEAST_CYCLES = 3;

    private final int window;
    /** For each length of a cycle, how many tokens in a row equal the one that long before them. */
    private final int[] repeats;
    /** The last tokens, as many as the longest cycle has. */
    private final int[] ring;

    private int seen;

    /** @param window how many tokens must repeat */
    public LoopDetector(int window) {
        this.window = window;
        this.repeats = new int[window / LEAST_CYCLES + 1];
        this.ring = new int[repeats.length];
        Arrays.fill(ring, -1);
    }

    /** Whether the text loops with this token. */
    public boolean take(int token) {
        boolean loops = false;
        for (int cycle = 1; cycle < repeats.length; cycle++) {
            int before = cycle > seen ? -1 : ring[Math.floorMod(seen - cycle, ring.length)];
            repeats[cycle] = before == token ? repeats[cycle] + 1 : 0;
            loops |= repeats[cycle] >= window - cycle;
        }
        ring[seen % ring.length] = token;
        seen++;
        return loops;
    }
}
