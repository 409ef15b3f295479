/**
 * From tasks, what a user's input says, to jobs, what is published: parameters, system message, ids and seeds.
 * Pure: any thread, no clock, no I/O.
 * May use {@code io.millrace.job} and the JDK's basic types only.
 */
package io.millrace.producer.plan;
