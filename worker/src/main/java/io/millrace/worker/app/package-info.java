/**
 * Wires a worker: its adapters, its pipeline, its engine process, start and end.
 * The only package of the worker that names adapters.
 * May use everything.
 */
package io.millrace.worker.app;
