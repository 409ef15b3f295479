/**
 * Adapter: datasets of any format (JSON lines and arrays, CSV, Parquet, Hugging Face folders, SQL over them) into one
 * snapshot of tasks that {@code producer.files} checks and reads like a user's own lines.
 * All of it belongs to the thread that makes the snapshot.
 * May use {@code producer.files}, java.nio, Jackson and DuckDB.
 */
package io.millrace.producer.dataset;
