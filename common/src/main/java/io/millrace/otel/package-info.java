/**
 * Traces by OpenTelemetry: where they go, and their contexts as Kafka's headers carry them.
 * Spans are ended on any thread and sent on one of OpenTelemetry's own.
 * May use {@code io.millrace.job} and OpenTelemetry.
 */
package io.millrace.otel;
