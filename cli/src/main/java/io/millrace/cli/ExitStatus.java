package io.millrace.cli;

/** What the command's exit status says. */
public final class ExitStatus {
    /** Done; of a run: every job was answered. */
    public static final int OK = 0;
    /** The run is complete, but some jobs failed. */
    public static final int JOBS_FAILED = 1;
    /** The user's input or options are wrong; nothing was changed. */
    public static final int USAGE = 2;
    /** The world failed: broker, disk, engine. What was done so far is kept. */
    public static final int FAILED = 3;
    /** Interrupted; the same command goes on. */
    public static final int INTERRUPTED = 130;

    private ExitStatus() {}
}
