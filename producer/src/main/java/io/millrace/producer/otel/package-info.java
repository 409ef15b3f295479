/**
 * What is submitted as OpenTelemetry spans.
 * Confined to the submitting thread; sending is done elsewhere.
 * May use the submitter's port, {@code io.millrace.otel} and OpenTelemetry.
 */
package io.millrace.producer.otel;
