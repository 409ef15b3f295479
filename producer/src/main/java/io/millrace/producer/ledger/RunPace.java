package io.millrace.producer.ledger;

import java.util.OptionalLong;

/**
 * How fast results of a run come: those made within the last minute, and where there are none, all of them over the time
 * that they took. The present is told with each question, in seconds since 1970.
 *
 * <p>Confined to its owner's thread.
 */
public final class RunPace {
    private static final int WINDOW_SECONDS = 60;

    private final SecondCounts recent = new SecondCounts(2 * WINDOW_SECONDS);
    private long all;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    /** Counts a result by when it was made, in seconds since 1970. */
    public void add(long createdSeconds) {
        all++;
        first = Math.min(first, createdSeconds);
        last = Math.max(last, createdSeconds);
        recent.add(createdSeconds, 1);
    }

    /** Whether results came within the last minute. */
    public boolean active(long nowSeconds) {
        return recent(nowSeconds) > 0;
    }

    private long recent(long nowSeconds) {
        return recent.sum(nowSeconds - WINDOW_SECONDS + 1, Long.MAX_VALUE);
    }

    /** Jobs a second; 0 without results. */
    public double perSecond(long nowSeconds) {
        if (all == 0) {
            return 0;
        }
        if (active(nowSeconds)) {
            return (double) recent(nowSeconds) / Math.max(1, Math.min(WINDOW_SECONDS, nowSeconds - first));
        }
        return (double) all / Math.max(1, last - first + 1);
    }

    /** Seconds until so many more results are there, at this pace; empty where nothing comes. */
    public OptionalLong secondsFor(long missing, long nowSeconds) {
        return missing <= 0
                ? OptionalLong.of(0)
                : active(nowSeconds)
                        ? OptionalLong.of((long) Math.ceil(missing / perSecond(nowSeconds)))
                        : OptionalLong.empty();
    }
}
