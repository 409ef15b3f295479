package io.millrace.job;

/**
 * Where the time of a job went, in milliseconds.
 *
 * <p>Immutable.
 *
 * @param queueMillis from the engine's taking the job to its first prompt token's decoding
 * @param promptMillis from there to the first sampled token
 * @param generationMillis from there to the end of the last sample
 */
public record Timings(double queueMillis, double promptMillis, double generationMillis) {}
