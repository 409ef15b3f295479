package io.millrace.worker.pipeline;

import io.millrace.worker.delivery.RetryPolicy;
import java.time.Duration;
import java.util.Objects;

/**
 * What a worker's pipeline is told once.
 *
 * <p>Immutable.
 *
 * @param model the model's name, as runs ask for it
 * @param worker this worker's instance id, for results
 * @param owner this worker's transactional id, for commits
 * @param lookAhead jobs taken beyond those in the engine
 * @param commitInterval the longest time between two publications while there is something to publish
 * @param minCommitInterval the shortest time between two publications
 * @param drainTimeout how long running jobs may go on when their partition goes to another worker
 * @param stepTimeout without the end of a step for so long while jobs run, the engine counts as stuck
 */
public record PipelineConfig(
        String model,
        String worker,
        String owner,
        int lookAhead,
        Duration commitInterval,
        Duration minCommitInterval,
        Duration drainTimeout,
        Duration stepTimeout,
        RetryPolicy retryPolicy) {

    public static final int DEFAULT_LOOK_AHEAD = 64;
    public static final Duration DEFAULT_COMMIT_INTERVAL = Duration.ofMillis(250);
    public static final Duration DEFAULT_MIN_COMMIT_INTERVAL = Duration.ofMillis(20);
    public static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(10);

    public static final Duration DEFAULT_STEP_TIMEOUT = Duration.ofSeconds(60);

    public PipelineConfig {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(worker, "worker");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(commitInterval, "commitInterval");
        Objects.requireNonNull(minCommitInterval, "minCommitInterval");
        Objects.requireNonNull(drainTimeout, "drainTimeout");
        Objects.requireNonNull(stepTimeout, "stepTimeout");
        Objects.requireNonNull(retryPolicy, "retryPolicy");
        if (lookAhead < 1) {
            throw new IllegalArgumentException("look-ahead of " + lookAhead + " jobs must be at least 1");
        }
    }

    /** The defaults for a worker. */
    public static PipelineConfig of(String model, String worker, String owner) {
        return new PipelineConfig(
                model,
                worker,
                owner,
                DEFAULT_LOOK_AHEAD,
                DEFAULT_COMMIT_INTERVAL,
                DEFAULT_MIN_COMMIT_INTERVAL,
                DEFAULT_DRAIN_TIMEOUT,
                DEFAULT_STEP_TIMEOUT,
                RetryPolicy.DEFAULT);
    }
}
