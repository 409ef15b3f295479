package io.millrace.cli;

import io.millrace.job.Traceparent;
import io.millrace.otel.Tracing;
import io.millrace.producer.kafka.SubmitOptions;
import io.millrace.producer.otel.SubmitSpans;
import io.millrace.producer.plan.SubmitTraces;
import java.util.Map;
import java.util.Optional;

/**
 * A command's work on a run, as traces tell of it. Without a collector the jobs belong to the trace that the command is
 * part of, if it is part of one.
 *
 * <p>Confined to the main thread, but for the traces.
 */
final class TracedRun implements AutoCloseable {
    /** Jobs of one trace; few enough to look at. */
    private static final int TRACED_CHUNK_JOBS = 1_000;

    private static final String SERVICE = "millrace";

    private final Optional<Tracing> tracing;
    private final Optional<SubmitSpans> spans;
    private final Optional<Traceparent> parent;

    private TracedRun(Optional<Tracing> tracing, Optional<SubmitSpans> spans, Optional<Traceparent> parent) {
        this.tracing = tracing;
        this.spans = spans;
        this.parent = parent;
    }

    /** Begins it. */
    static TracedRun begin(TraceFlags flags, String command, String runId) {
        Optional<Traceparent> parent = TraceFlags.parent();
        Optional<Tracing> tracing = flags.settings().map(told -> new Tracing(told, SERVICE, Map.of()));
        return new TracedRun(
                tracing, tracing.map(started -> new SubmitSpans(started.tracer(), command, runId, parent)), parent);
    }

    SubmitTraces traces() {
        return spans.<SubmitTraces>map(own -> own).orElseGet(() -> SubmitTraces.passing(parent));
    }

    int chunkJobs() {
        return tracing.isPresent() ? TRACED_CHUNK_JOBS : SubmitOptions.DEFAULT_CHUNK_JOBS;
    }

    /** Ends it, and sends what is still here for two seconds at most. */
    @Override
    public void close() {
        spans.ifPresent(SubmitSpans::close);
        tracing.ifPresent(Tracing::close);
    }
}
