package io.millrace.otel;

import io.millrace.job.Traceparent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.Optional;

/** OpenTelemetry's contexts out of traceparents and back. Thread-safe. */
public final class TraceContexts {

    private TraceContexts() {}

    /** The context whose children belong there; a root without one. Never that of the current thread. */
    public static Context parent(Optional<Traceparent> traceparent) {
        return traceparent
                .map(TraceContexts::remote)
                .map(remote -> Context.root().with(Span.wrap(remote)))
                .orElseGet(Context::root);
    }

    private static SpanContext remote(Traceparent traceparent) {
        String[] parts = traceparent.text().split("-", -1);
        return SpanContext.createFromRemoteParent(
                parts[1], parts[2], TraceFlags.fromHex(parts[3], 0), TraceState.getDefault());
    }

    /** What is to be carried on from a span; empty for one that is none. */
    public static Optional<Traceparent> of(Span span) {
        SpanContext context = span.getSpanContext();
        return context.isValid()
                ? Optional.of(new Traceparent("00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                        + context.getTraceFlags().asHex()))
                : Optional.empty();
    }
}
