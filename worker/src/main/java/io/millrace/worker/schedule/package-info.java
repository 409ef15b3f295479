/**
 * Which sequences run in which slots and what the next native decode holds.
 * Pure: confined to the decode thread by its caller, told the time.
 * May use {@code io.millrace.job} and the JDK's basic types only.
 */
package io.millrace.worker.schedule;
