package io.millrace.worker.schedule;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Cells that were saved from a {@link ModelledCache}; fails when they are used after they were freed.
 *
 * <p>Thread-safe.
 */
public final class CopiedCells implements SavedCells {
    private final int first;
    private final int[] cells;
    private final AtomicInteger holders = new AtomicInteger(1);

    CopiedCells(int first, int[] cells) {
        this.first = first;
        this.cells = cells;
    }

    /** The cells of these positions. */
    int[] cells(int from, int to) {
        requireHeld(holders.get());
        if (from < first || to > first + cells.length) {
            throw new AssertionError("cells " + from + " to " + to + " of " + first + " to " + (first + cells.length));
        }
        return Arrays.copyOfRange(cells, from - first, to - first);
    }

    @Override
    public long bytes() {
        return cells.length;
    }

    @Override
    public void retain() {
        requireHeld(holders.getAndIncrement());
    }

    @Override
    public void release() {
        requireHeld(holders.getAndDecrement());
    }

    /** Whether nobody holds them any more. */
    public boolean freed() {
        return holders.get() == 0;
    }

    private static void requireHeld(int holders) {
        if (holders < 1) {
            throw new AssertionError("the cells were freed before");
        }
    }
}
