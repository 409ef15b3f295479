package io.millrace.job;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * One prompt with its sampling parameters.
 *
 * <p>Immutable.
 *
 * @param id the run and the index in it
 * @param customId the user's name for the job, unique in the run; the result carries it
 * @param messages the chat so far, at least one message
 * @param params how to choose the tokens
 * @param runSeed the seed of the run, from which a sample's seed comes where the job has none
 * @param metadata the input's other fields as one JSON object, returned untouched with the result; empty text where
 *     there are none
 * @param replay how often the job was submitted before: 0 at first, one more with each replay
 * @param deadlineEpochMillis when it must be finished, in milliseconds since 1970; without one it may take any time
 */
public record Job(
        JobId id,
        String customId,
        List<Message> messages,
        SamplingParams params,
        long runSeed,
        String metadata,
        int replay,
        OptionalLong deadlineEpochMillis) {

    public Job {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(customId, "customId");
        Objects.requireNonNull(params, "params");
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(deadlineEpochMillis, "deadlineEpochMillis");
        messages = List.copyOf(messages);
        if (messages.isEmpty()) {
            throw new InvalidFieldException("messages", "[]", "must hold at least one message");
        }
        if (replay < 0) {
            throw new InvalidFieldException("replay", Integer.toString(replay), "must be 0 or more");
        }
    }

    /** A job as it is submitted first, without a deadline. */
    public Job(
            JobId id, String customId, List<Message> messages, SamplingParams params, long runSeed, String metadata) {
        this(id, customId, messages, params, runSeed, metadata, 0, OptionalLong.empty());
    }

    /** The same job, submitted for the time after so many, with another deadline or none. */
    public Job resubmitted(int newReplay, OptionalLong newDeadline) {
        return new Job(id, customId, messages, params, runSeed, metadata, newReplay, newDeadline);
    }

    /**
     * The seed of one sample: a hash of the run's seed, the job's index and the sample's, or of the job's own seed and
     * the sample's index, so that each sample can be made again alone.
     */
    public long sampleSeed(int sample) {
        long jobSeed = params.seed().isPresent() ? params.seed().getAsLong() : mix(runSeed ^ mix(id.index()));
        return mix(jobSeed + sample * 0x9E3779B97F4A7C15L);
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
