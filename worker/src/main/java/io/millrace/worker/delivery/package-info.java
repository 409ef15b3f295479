/**
 * What is done of a partition, what is committed of that, and who runs again how.
 * Pure: confined to its caller's thread, no clock.
 * May use {@code io.millrace.job} and the JDK's basic types only.
 */
package io.millrace.worker.delivery;
