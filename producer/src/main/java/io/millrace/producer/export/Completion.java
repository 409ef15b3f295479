package io.millrace.producer.export;

/**
 * One sample of a job.
 *
 * <p>Immutable.
 *
 * @param index of the sample in its job
 * @param finishReason as OpenAI names it
 */
public record Completion(int index, String text, String finishReason, long tokens) {}
