/**
 * The cluster on one machine: broker and worker as child processes under {@code .millrace/}.
 * One supervising thread per child.
 * May use the JDK.
 */
package io.millrace.cli.local;
