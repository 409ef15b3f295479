/**
 * Which jobs of a run have a result, and the run's totals.
 * Pure: no clock, no I/O; a ledger belongs to the thread that collects.
 * May use {@code io.millrace.job} and the JDK's basic types only.
 */
package io.millrace.producer.ledger;
