/**
 * The seeded simulation: the real pipeline and ledger over an in-memory log with transactions and a consumer group, one
 * source of randomness, one clock, faults at any event.
 */
package io.millrace.simulation;
