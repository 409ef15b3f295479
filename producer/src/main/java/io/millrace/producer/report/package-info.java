/**
 * What an evaluation holds and what its report says: points, tasks, answers; figures, comparisons, swept parameters.
 * Pure: any thread, no clock, no I/O.
 * May use {@code io.millrace.job}, {@code producer.score} and the JDK's basic types only.
 */
package io.millrace.producer.report;
