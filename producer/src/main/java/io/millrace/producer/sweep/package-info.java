/**
 * The files of a sweep: its configuration in, {@code sweep.json} out, and the samples and scores of a run.
 * Each object is confined to its caller's thread.
 * May use {@code plan}, {@code score}, {@code files}, Jackson with YAML.
 */
package io.millrace.producer.sweep;
