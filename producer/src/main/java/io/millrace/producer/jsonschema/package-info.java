/**
 * Scorers of answers that are to be JSON, and to follow a schema (networknt's validator).
 * Thread-safe.
 * May use {@code score}, Jackson, networknt.
 */
package io.millrace.producer.jsonschema;
