/**
 * Bytes to records and back: the only place that knows the JSON of jobs, results and manifests, and the topics' names.
 * Thread-safe throughout.
 * May use {@code io.millrace.job} and Jackson.
 */
package io.millrace.wire;
