package io.millrace.worker.schedule;

/**
 * Keys and values of consecutive positions of a sequence, kept outside of the slots. An engine makes them; any engine of
 * the same model and cache type can take them back. They are freed when the last holder has let them go: who makes them
 * holds them once.
 *
 * <p>Thread-safe.
 */
public interface SavedCells {

    /** How much memory they take. */
    long bytes();

    /** One holder more. */
    void retain();

    /** One holder less; the last one frees them. */
    void release();

    /** What saves cells of a slot. */
    @FunctionalInterface
    interface Source {

        /** Saves the cells of the positions from {@code from} to before {@code to}, which the slot holds. */
        SavedCells save(int slot, int from, int to);
    }
}
