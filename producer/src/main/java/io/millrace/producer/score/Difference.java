package io.millrace.producer.score;

/**
 * By how much one point scores above another on the same tasks.
 *
 * <p>Immutable.
 *
 * @param interval of the mean difference, first minus second
 * @param pValue two-sided: how often so much would be seen if there were no difference
 */
public record Difference(Interval interval, double pValue) {}
