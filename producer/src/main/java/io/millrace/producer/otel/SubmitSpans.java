package io.millrace.producer.otel;

import io.millrace.job.Traceparent;
import io.millrace.otel.TraceContexts;
import io.millrace.producer.plan.SubmitTraces;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Optional;

/**
 * A span for a command's whole work on a run, and one for each chunk of jobs that it sends, which is the parent of these
 * jobs' spans. Where the command came with a trace, all is part of that one. Where it did not, each chunk is a trace of
 * its own with a link to the command's: a trace of a million jobs helps nobody.
 *
 * <p>Confined to the submitting thread, but for {@link #close}.
 */
public final class SubmitSpans implements SubmitTraces, AutoCloseable {
    private static final AttributeKey<String> RUN = AttributeKey.stringKey("millrace.run");
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.type");
    private static final AttributeKey<String> OPERATION_NAME = AttributeKey.stringKey("messaging.operation.name");
    private static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<Long> COUNT = AttributeKey.longKey("messaging.batch.message_count");

    private final Tracer tracer;
    private final boolean partOfAnother;
    private final String runId;
    private final Span command;

    /**
     * Begins the command's span.
     *
     * @param name of the command
     * @param parent what the command came with
     */
    public SubmitSpans(Tracer tracer, String name, String runId, Optional<Traceparent> parent) {
        this.tracer = tracer;
        this.partOfAnother = parent.isPresent();
        this.runId = runId;
        this.command = tracer.spanBuilder(name)
                .setSpanKind(SpanKind.INTERNAL)
                .setParent(TraceContexts.parent(parent))
                .setAttribute(RUN, runId)
                .startSpan();
    }

    @Override
    public Chunk begin(String topic) {
        SpanBuilder builder = tracer.spanBuilder("send " + topic)
                .setSpanKind(SpanKind.PRODUCER)
                .setAttribute(SYSTEM, "kafka")
                .setAttribute(OPERATION, "send")
                .setAttribute(OPERATION_NAME, "send")
                .setAttribute(DESTINATION, topic)
                .setAttribute(RUN, runId);
        if (partOfAnother) {
            builder.setParent(Context.root().with(command));
        } else {
            builder.setNoParent().addLink(command.getSpanContext());
        }
        return new ChunkSpan(builder.startSpan());
    }

    /** Ends the command's span. */
    @Override
    public void close() {
        command.end();
    }

    private record ChunkSpan(Span span) implements Chunk {

        @Override
        public Optional<Traceparent> context() {
            return TraceContexts.of(span);
        }

        @Override
        public void committed(long jobs) {
            span.setAttribute(COUNT, jobs);
            span.end();
        }

        @Override
        public void failed(RuntimeException cause) {
            span.setAttribute(ERROR_TYPE, cause.getClass().getSimpleName());
            span.setStatus(StatusCode.ERROR);
            span.end();
        }
    }
}
