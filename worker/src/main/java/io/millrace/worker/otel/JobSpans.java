package io.millrace.worker.otel;

import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.Message;
import io.millrace.job.Traceparent;
import io.millrace.otel.TraceContexts;
import io.millrace.worker.pipeline.JobTraces;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A span for each job, from its going to the engine to its committed result; a child of whatever the job's record came
 * with.
 *
 * <p>Confined to the pipeline's thread.
 */
public final class JobSpans implements JobTraces {
    private final Tracer tracer;
    private final String model;
    private final boolean content;
    private final LongSupplier epochMillis;

    /** @param content whether spans hold prompts and answers */
    public JobSpans(Tracer tracer, String model, boolean content, LongSupplier epochMillis) {
        this.tracer = tracer;
        this.model = model;
        this.content = content;
        this.epochMillis = epochMillis;
    }

    @Override
    public Trace begin(JobId id, Optional<Job> job, Optional<Traceparent> parent) {
        String asked = job.map(known -> known.params().answer().lora())
                .filter(lora -> !lora.isEmpty())
                .map(lora -> model + "+" + lora)
                .orElse(model);
        Span span = tracer.spanBuilder(GenAi.OPERATION + " " + asked)
                .setSpanKind(SpanKind.INTERNAL)
                .setParent(TraceContexts.parent(parent))
                .startSpan();
        if (span.isRecording()) {
            span.setAllAttributes(request(asked, id, job));
        }
        return new JobSpan(span, content, epochMillis);
    }

    private Attributes request(String asked, JobId id, Optional<Job> job) {
        AttributesBuilder attributes = Attributes.builder();
        GenAi.subject(attributes, asked, id.runId(), id.toString());
        job.ifPresent(known -> {
            GenAi.request(attributes, known);
            if (content) {
                attributes.put(GenAi.INPUT_MESSAGES, Contents.input(known.messages()));
                if (known.messages().stream().anyMatch(message -> message.role().equals(Message.SYSTEM))) {
                    attributes.put(GenAi.SYSTEM_INSTRUCTIONS, Contents.instructions(known.messages()));
                }
            }
        });
        return attributes.build();
    }
}
