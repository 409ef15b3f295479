package io.millrace.worker.decode;

/**
 * Natural logarithms of the model's probabilities in one place of the text: first the token that was sampled there, then
 * the most likely ones, best first.
 *
 * <p>Immutable: the arrays are not to be changed.
 */
public record Scores(int[] tokens, float[] logprobs) {}
