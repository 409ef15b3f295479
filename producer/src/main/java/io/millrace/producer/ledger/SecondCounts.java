package io.millrace.producer.ledger;

import java.util.Arrays;

/**
 * Amounts by the second they belong to, for the last so many seconds; they may come in any order, and what is older than
 * those kept is dropped.
 *
 * <p>Confined to its owner's thread.
 */
public final class SecondCounts {
    private final long[] seconds;
    private final long[] amounts;

    /** @param kept how many seconds are kept, the newest included */
    public SecondCounts(int kept) {
        seconds = new long[kept];
        amounts = new long[kept];
        Arrays.fill(seconds, Long.MIN_VALUE);
    }

    /** @param second since 1970 */
    public void add(long second, long amount) {
        int place = (int) Math.floorMod(second, (long) seconds.length);
        if (seconds[place] < second) {
            seconds[place] = second;
            amounts[place] = 0;
        }
        if (seconds[place] == second) {
            amounts[place] += amount;
        }
    }

    /** What belongs to the seconds from one to another, both included. */
    public long sum(long from, long to) {
        long sum = 0;
        for (int place = 0; place < seconds.length; place++) {
            if (seconds[place] >= from && seconds[place] <= to) {
                sum += amounts[place];
            }
        }
        return sum;
    }
}
