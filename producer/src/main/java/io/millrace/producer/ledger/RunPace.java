package io.millrace.producer.ledger;

import java.util.OptionalLong;

/**
 * How fast results of a run come: those made within the last minute, and where there are none, all of them over the time
 * that they took.
 *
 * <p>Confined to its owner's thread.
 */
public final class RunPace {
    private static final int WINDOW_SECONDS = 60;

    private final long nowSeconds;
    private long recent;
    private long all;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    /** @param nowSeconds since 1970 */
    public RunPace(long nowSeconds) {
        this.nowSeconds = nowSeconds;
    }

    /** Counts a result by when it was made, in seconds since 1970. */
    public void add(long createdSeconds) {
        all++;
        first = Math.min(first, createdSeconds);
        last = Math.max(last, createdSeconds);
        if (createdSeconds > nowSeconds - WINDOW_SECONDS) {
            recent++;
        }
    }

    /** Whether results came within the last minute. */
    public boolean active() {
        return recent > 0;
    }

    /** Jobs a second; 0 without results. */
    public double perSecond() {
        if (all == 0) {
            return 0;
        }
        if (active()) {
            return (double) recent / Math.max(1, Math.min(WINDOW_SECONDS, nowSeconds - first));
        }
        return (double) all / Math.max(1, last - first + 1);
    }

    /** Seconds until so many more results are there, at this pace; empty where nothing comes. */
    public OptionalLong secondsFor(long missing) {
        return missing <= 0
                ? OptionalLong.of(0)
                : active() ? OptionalLong.of((long) Math.ceil(missing / perSecond())) : OptionalLong.empty();
    }
}
