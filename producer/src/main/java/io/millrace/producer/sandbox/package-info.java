/**
 * Runs programs that nobody has read, Python and Java, in Linux namespaces (bubblewrap, or unshare) and resource limits.
 * Each run belongs to its caller's thread, with a reader of its output beside it.
 * May use {@code score} and the JDK.
 */
package io.millrace.producer.sandbox;
