/**
 * The {@code millrace} command: options, wiring, what the user reads.
 * Main thread, but for what the packages below name.
 * May use everything.
 */
package io.millrace.cli;
