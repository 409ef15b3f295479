package io.millrace.worker.decode;

import java.time.Duration;

/**
 * How the engine's loop goes about its work.
 *
 * <p>Immutable.
 *
 * @param copyThreshold how many prompt tokens a copy from another slot's cache must save to be worth it
 * @param lookAhead how many sequences that wait for a shared prefix may be passed over
 * @param following whether samples of a job are decoded once while they have the same tokens; where each slot has a stream
 *     of its own the idle slots would be gaps, each of which costs a decode of its own
 * @param prefixCacheBytes the most memory for prompts' cells that no slot holds any more; 0 keeps none
 * @param failuresInARow after so many failed steps without a good one between them the engine is given up
 * @param figuresEvery how often the figures are told
 * @param inboxCapacity how many submissions and cancellations may wait to be tokenised
 * @param closeWithin how long {@link DecodeLoop#close} waits for the step that is running
 */
public record DecodeSettings(
        int copyThreshold,
        int lookAhead,
        boolean following,
        long prefixCacheBytes,
        int failuresInARow,
        Duration figuresEvery,
        int inboxCapacity,
        Duration closeWithin) {

    /** For a cache in which a copy moves a whole slot, which takes about as long as decoding some tokens. */
    public static final DecodeSettings DEFAULTS =
            new DecodeSettings(8, 64, false, 0, 3, Duration.ofSeconds(1), 65_536, Duration.ofSeconds(10));

    /** For a cache in which a copy moves nothing: only looking for the cells takes time. */
    private static final int UNIFIED_COPY_THRESHOLD = 4;

    public DecodeSettings {
        if (copyThreshold < 1 || lookAhead < 1 || failuresInARow < 1 || inboxCapacity < 1) {
            throw new IllegalArgumentException("copy threshold " + copyThreshold + ", look-ahead " + lookAhead
                    + ", failures in a row " + failuresInARow + " and inbox " + inboxCapacity
                    + " must all be at least 1");
        }
        if (prefixCacheBytes < 0) {
            throw new IllegalArgumentException("a prefix cache of " + prefixCacheBytes + " bytes");
        }
        if (figuresEvery.isNegative() || figuresEvery.isZero() || closeWithin.isNegative()) {
            throw new IllegalArgumentException(
                    "figures every " + figuresEvery + " and closing within " + closeWithin + " must be positive");
        }
    }

    /**
     * What suits a cache of one buffer for all slots or of a stream for each. From a stream no part of a sequence can be
     * saved.
     *
     * @param prefixCacheBytes the most memory for saved prefixes
     */
    public static DecodeSettings of(boolean kvUnified, long prefixCacheBytes) {
        DecodeSettings streams = DEFAULTS;
        return kvUnified
                ? new DecodeSettings(
                        UNIFIED_COPY_THRESHOLD,
                        streams.lookAhead,
                        true,
                        prefixCacheBytes,
                        streams.failuresInARow,
                        streams.figuresEvery,
                        streams.inboxCapacity,
                        streams.closeWithin)
                : streams;
    }
}
