package io.millrace.worker.otel;

import io.millrace.job.JobResult;
import io.millrace.job.Timings;
import io.millrace.job.Traceparent;
import io.millrace.otel.TraceContexts;
import io.millrace.worker.pipeline.JobTraces;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One job's span. Its events say when the engine began with the prompt, had the first token and the last, and which
 * attempts came to nothing.
 *
 * <p>Confined to the pipeline's thread.
 */
final class JobSpan implements JobTraces.Trace {
    /** The kind of error of a job that goes to another worker unfinished. */
    static final String PARTITION_MOVED = "PARTITION_MOVED";

    private static final double MICROS_PER_MILLI = 1000;

    private final Span span;
    private final boolean content;
    private final LongSupplier epochMillis;
    private long submittedMillis;

    JobSpan(Span span, boolean content, LongSupplier epochMillis) {
        this.span = span;
        this.content = content;
        this.epochMillis = epochMillis;
        this.submittedMillis = epochMillis.getAsLong();
    }

    @Override
    public Optional<Traceparent> context() {
        return TraceContexts.of(span);
    }

    @Override
    public void started(int attempt) {
        submittedMillis = epochMillis.getAsLong();
    }

    @Override
    public void again(String reason) {
        span.addEvent("millrace.again", Attributes.of(GenAi.ERROR_TYPE, reason));
    }

    @Override
    public void ended(JobResult result) {
        if (!span.isRecording()) {
            return;
        }
        AttributesBuilder attributes = Attributes.builder();
        attributes.put(GenAi.ATTEMPT, (long) result.provenance().attempt());
        if (result instanceof JobResult.Completed completed) {
            GenAi.response(attributes, completed);
            if (content) {
                attributes.put(GenAi.OUTPUT_MESSAGES, Contents.output(completed.choices()));
            }
            phases(completed.timings());
        } else if (result instanceof JobResult.Failed failed) {
            attributes.put(GenAi.ERROR_TYPE, failed.kind().name());
            // A message may quote the prompt.
            span.setStatus(StatusCode.ERROR, content ? failed.message() : "");
        }
        span.setAllAttributes(attributes.build());
    }

    private void phases(Timings timings) {
        double millis = timings.queueMillis();
        event("millrace.prefill", millis);
        millis += timings.promptMillis();
        event("millrace.first_token", millis);
        millis += timings.generationMillis();
        event("millrace.last_token", millis);
    }

    private void event(String name, double millisAfterSubmission) {
        long micros =
                TimeUnit.MILLISECONDS.toMicros(submittedMillis) + Math.round(millisAfterSubmission * MICROS_PER_MILLI);
        span.addEvent(name, micros, TimeUnit.MICROSECONDS);
    }

    @Override
    public void committed() {
        span.end();
    }

    @Override
    public void dropped() {
        span.setAttribute(GenAi.ERROR_TYPE, PARTITION_MOVED);
        span.setStatus(StatusCode.ERROR);
        span.end();
    }
}
