/**
 * Jobs as OpenTelemetry spans, with the attributes of its conventions for generative AI.
 * Confined to the pipeline's thread; sending is done elsewhere.
 * May use the pipeline's port, {@code io.millrace.otel}, OpenTelemetry and Jackson.
 */
package io.millrace.worker.otel;
