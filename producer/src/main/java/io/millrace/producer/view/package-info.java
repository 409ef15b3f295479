/**
 * What a person watching a cluster sees: runs, workers, tokens, the newest results and failures.
 * Pure: no clock, no I/O; records for the watchers, books that the watching thread keeps.
 * May use {@code io.millrace.job}, the ledger and the JDK's basic types only.
 */
package io.millrace.producer.view;
