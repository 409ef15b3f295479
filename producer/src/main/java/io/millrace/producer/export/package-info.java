/**
 * Adapter: a collected run into datasets that trainers and evaluators read.
 * All of it belongs to the exporting thread.
 * May use {@code io.millrace.job}, {@code producer.files}, java.nio, Jackson, zstd-jni and DuckDB.
 */
package io.millrace.producer.export;
