/**
 * What a sample is worth, and what a set of scores says: scorers of texts, pass@k, intervals, paired comparison.
 * Pure: any thread, no clock, no I/O; randomness comes from seeds.
 * May use {@code io.millrace.job} and the JDK's basic types only.
 */
package io.millrace.producer.score;
