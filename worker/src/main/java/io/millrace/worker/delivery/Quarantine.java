package io.millrace.worker.delivery;

/**
 * How a job that was lost with an engine or a worker runs again: in shrinking company, so that innocent neighbours
 * finish and the one that kills is found out. After one loss a quarter of the slots run together, after two losses two
 * jobs, after three or more it runs strictly alone; two losses alone condemn it.
 *
 * <p>Immutable.
 */
public final class Quarantine {
    /** From this many losses on a job runs alone. */
    public static final int ALONE_FROM = 3;
    /** A job with so many losses was lost twice alone. */
    public static final int CONDEMNED_FROM = ALONE_FROM + 2;

    private Quarantine() {}

    /** How many jobs may run at a time when one of them was lost so often. */
    public static int company(int losses, int slots) {
        if (losses == 0) {
            return Integer.MAX_VALUE;
        }
        if (losses == 1) {
            return Math.max(2, slots / 4);
        }
        return losses < ALONE_FROM ? 2 : 1;
    }

    public static boolean condemned(int losses) {
        return losses >= CONDEMNED_FROM;
    }
}
