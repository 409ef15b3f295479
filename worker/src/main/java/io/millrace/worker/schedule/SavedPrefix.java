package io.millrace.worker.schedule;

/**
 * Saved cells with the tokens that they and everything before them were computed from.
 *
 * <p>Immutable.
 *
 * @param adapter that they were computed with
 * @param prompt tokens, at least {@code to}; never changed
 * @param from position of the first saved cell
 * @param to position behind the last one
 * @param cells the cells; whoever gets this holds them once
 */
public record SavedPrefix(int adapter, int[] prompt, int from, int to, SavedCells cells) {
    public SavedPrefix {
        if (from < 0 || to <= from || to > prompt.length) {
            throw new IllegalArgumentException(
                    "cells " + from + " to " + to + " of a prompt of " + prompt.length + " tokens");
        }
    }
}
