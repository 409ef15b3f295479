package io.millrace.cli;

import io.millrace.job.Traceparent;
import io.millrace.otel.TraceSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where traces go; off unless asked for. */
final class TraceFlags {

    @Option(
            names = "--traces",
            paramLabel = "URL",
            description = "Send OpenTelemetry traces to this collector, such as http://collector:4318 (or"
                    + " OTEL_EXPORTER_OTLP_ENDPOINT; the other OTEL_ variables hold too). Off by default.")
    private String endpoint;

    @Option(names = "--trace-content", description = "Put prompts and answers into the spans.")
    private boolean content;

    /** What flags and environment say together. */
    Optional<TraceSettings> settings() {
        return TraceSettings.of(Optional.ofNullable(endpoint), content, System.getenv());
    }

    /** The trace that this command is part of, as whatever started it says. */
    static Optional<Traceparent> parent() {
        return Traceparent.of(System.getenv().getOrDefault("TRACEPARENT", ""));
    }

    /** The same flags for a worker of its own process, which has this one's environment. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (endpoint != null) {
            arguments.add("--traces=" + endpoint);
        }
        if (content) {
            arguments.add("--trace-content");
        }
        return arguments;
    }
}
