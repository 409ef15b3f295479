package io.millrace.job;

import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What is known of a run while it goes on; the newest record of a run counts.
 *
 * <p>Immutable.
 *
 * @param state how far the submitting is
 * @param jobs jobs committed so far, which are those with index 0 to {@code jobs - 1}
 * @param models which models the jobs ask for; they name the jobs' topics
 * @param inputSha256 of the input and of all that shapes its jobs, lower-case hexadecimal
 * @param seed the run's seed
 * @param resultOffsets partition of the results topic to the offset where the run's first result may lie
 * @param createdEpochMillis when the run was opened
 * @param replays how many jobs were submitted again since, each time of each job counted
 * @param deadlineEpochMillis when its jobs must be finished; without one they may take any time
 */
public record RunManifest(
        String runId,
        State state,
        long jobs,
        JobModels models,
        String inputSha256,
        long seed,
        Map<Integer, Long> resultOffsets,
        long createdEpochMillis,
        long replays,
        OptionalLong deadlineEpochMillis) {

    /** How far the submitting of a run is. */
    public enum State {
        /** More jobs may come. */
        OPEN,
        /** All jobs are in the topic. */
        SEALED,
        /** The user wants no more results. */
        CANCELLED
    }

    public RunManifest {
        Objects.requireNonNull(runId, "runId");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(models, "models");
        Objects.requireNonNull(inputSha256, "inputSha256");
        Objects.requireNonNull(deadlineEpochMillis, "deadlineEpochMillis");
        resultOffsets = Map.copyOf(new TreeMap<>(resultOffsets));
        if (jobs < 0) {
            throw new IllegalArgumentException("run " + runId + " cannot have " + jobs + " jobs");
        }
    }

    /** A run of one model without replays and deadline. */
    public RunManifest(
            String runId,
            State state,
            long jobs,
            String model,
            String inputSha256,
            long seed,
            Map<Integer, Long> resultOffsets,
            long createdEpochMillis) {
        this(
                runId,
                state,
                jobs,
                JobModels.of(model),
                inputSha256,
                seed,
                resultOffsets,
                createdEpochMillis,
                0,
                OptionalLong.empty());
    }

    /** The same run with so many jobs. */
    public RunManifest with(State newState, long newJobs) {
        return copy(newState, newJobs, replays);
    }

    /** The same run after so many replays. */
    public RunManifest withReplays(long newReplays) {
        return copy(state, jobs, newReplays);
    }

    private RunManifest copy(State newState, long newJobs, long newReplays) {
        return new RunManifest(
                runId,
                newState,
                newJobs,
                models,
                inputSha256,
                seed,
                resultOffsets,
                createdEpochMillis,
                newReplays,
                deadlineEpochMillis);
    }
}
