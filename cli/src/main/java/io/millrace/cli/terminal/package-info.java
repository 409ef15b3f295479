/**
 * Pictures of a cluster on a terminal.
 * On the caller's thread.
 * May use the producer's view and JLine.
 */
package io.millrace.cli.terminal;
