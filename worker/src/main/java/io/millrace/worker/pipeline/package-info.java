/**
 * The life of a job inside a worker, from the record taken to the result committed, and the ports it needs.
 * Confined to the worker's event loop; no clock, no I/O of its own.
 * May use delivery and {@code io.millrace.job}.
 */
package io.millrace.worker.pipeline;
