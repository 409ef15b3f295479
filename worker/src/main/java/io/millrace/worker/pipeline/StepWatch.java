package io.millrace.worker.pipeline;

import java.time.Duration;
import java.util.Optional;

/**
 * Tells whether the engine's step is stuck: jobs run, and nothing shows that a step has ended. After the time-out that
 * is worth an alarm; after five times as long the engine is to be killed, since a native call cannot be interrupted.
 *
 * <p>Confined to the pipeline's thread.
 */
final class StepWatch {
    /** A long step of a large model on a slow machine is not to be taken for a stuck one. */
    private static final int KILL_FACTOR = 5;

    private final Duration timeout;
    private long steps = -1;
    private long aliveNanos;
    private boolean killed;

    StepWatch(Duration timeout) {
        this.timeout = timeout;
    }

    /** A step has ended, or nothing runs, or the engine is new. */
    void alive(long nowNanos) {
        aliveNanos = nowNanos;
        killed = false;
    }

    /** The engine has counted so many steps. */
    void counted(long newSteps, long nowNanos) {
        if (newSteps != steps) {
            steps = newSteps;
            alive(nowNanos);
        }
    }

    /** How long no step has ended, when that is longer than the time-out. */
    Optional<Duration> stuck(long nowNanos) {
        Duration silent = Duration.ofNanos(nowNanos - aliveNanos);
        return silent.compareTo(timeout) > 0 ? Optional.of(silent) : Optional.empty();
    }

    /** True once when it is time to kill the engine. */
    boolean killNow(long nowNanos) {
        if (killed || nowNanos - aliveNanos <= timeout.toNanos() * KILL_FACTOR) {
            return false;
        }
        killed = true;
        return true;
    }
}
