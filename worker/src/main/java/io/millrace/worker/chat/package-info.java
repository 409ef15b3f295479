/**
 * Chat templates and stop texts.
 * Pure: any thread.
 * May use {@code io.millrace.job} and the JDK's basic types only.
 */
package io.millrace.worker.chat;
