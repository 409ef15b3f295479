/**
 * What travels between producer and worker: jobs and their results.
 * Pure: any thread, no clock, no I/O.
 * May use the JDK's basic types only.
 */
package io.millrace.job;
