/**
 * Adapter: files of prompts into tasks, results into the output folder.
 * Readers and the output belong to the thread that opened them.
 * May use {@code io.millrace.job}, {@code producer.plan}, {@code producer.ledger}, java.nio, Jackson and zstd-jni.
 */
package io.millrace.producer.files;
