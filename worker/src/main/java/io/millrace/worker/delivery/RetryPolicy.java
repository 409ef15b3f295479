package io.millrace.worker.delivery;

import io.millrace.job.FailureKind;
import java.time.Duration;
import java.util.Objects;

/**
 * Whether and when a job that failed with a cause is tried again in the same worker: retryable kinds, a bounded number
 * of attempts, and a delay that doubles from {@code firstDelay} up to {@code maxDelay}.
 *
 * <p>Immutable.
 *
 * @param maxAttempts tries in all, the first included
 */
public record RetryPolicy(int maxAttempts, Duration firstDelay, Duration maxDelay) {

    public static final RetryPolicy DEFAULT = new RetryPolicy(3, Duration.ofMillis(500), Duration.ofSeconds(30));

    public RetryPolicy {
        Objects.requireNonNull(firstDelay, "firstDelay");
        Objects.requireNonNull(maxDelay, "maxDelay");
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("maxAttempts " + maxAttempts + " must be at least 1");
        }
    }

    /** What to do after a failure. */
    public sealed interface Decision {
        /** Try again, not sooner than this. */
        record Retry(Duration delay) implements Decision {}

        /** The failure is final. */
        record GiveUp() implements Decision {}
    }

    /**
     * Decides after a failed attempt.
     *
     * @param attempt the attempt that failed, from 1
     */
    public Decision decide(FailureKind kind, int attempt) {
        if (!kind.retryable() || attempt >= maxAttempts) {
            return new Decision.GiveUp();
        }
        long factor = 1L << Math.min(attempt - 1, 30);
        Duration delay = firstDelay.multipliedBy(factor);
        return new Decision.Retry(delay.compareTo(maxDelay) > 0 ? maxDelay : delay);
    }
}
