package io.millrace.otel;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans to a collector, over OTLP in HTTP. Ending a span puts it into a bounded queue, which a thread of its own
 * empties; what does not fit there, or does not arrive, is dropped.
 *
 * <p>Thread-safe.
 */
public final class Tracing implements AutoCloseable {
    /** For the last spans of a process; a collector that does not answer holds nobody up for longer. */
    private static final Duration LAST_SPANS = Duration.ofSeconds(2);

    private static final org.slf4j.Logger log = LoggerFactory.getLogger(Tracing.class);
    private static final String SCOPE = "io.millrace";

    /** OpenTelemetry's own words come with stack traces; {@link QuietExporter} says what matters. Held, or it is lost. */
    private final Logger words = Logger.getLogger("io.opentelemetry");

    private final OpenTelemetrySdk sdk;

    /**
     * Starts it; nothing is connected to before there is something to send.
     *
     * @param service what sends, unless the environment names it
     * @param resource attributes of what sends
     * @throws TraceException when OpenTelemetry's environment variables contradict themselves
     */
    public Tracing(TraceSettings settings, String service, Map<String, String> resource) {
        words.setLevel(Level.OFF);
        Map<String, String> defaults = new HashMap<>(Map.of(
                "otel.exporter.otlp.protocol", "http/protobuf",
                "otel.exporter.otlp.compression", "gzip",
                "otel.metrics.exporter", "none",
                "otel.logs.exporter", "none",
                "otel.service.name", service));
        if (settings.content()) {
            // Spans with prompts are large: fewer of them at a time.
            defaults.put("otel.bsp.max.queue.size", "512");
            defaults.put("otel.bsp.max.export.batch.size", "64");
        }
        Map<String, String> fixed = new HashMap<>(Map.of("otel.traces.exporter", "otlp", "otel.sdk.disabled", "false"));
        settings.endpoint().ifPresent(endpoint -> fixed.put("otel.exporter.otlp.traces.endpoint", endpoint));
        try {
            sdk = AutoConfiguredOpenTelemetrySdk.builder()
                    .disableShutdownHook()
                    .addPropertiesSupplier(() -> defaults)
                    .addPropertiesCustomizer(ignored -> fixed)
                    .addResourceCustomizer((found, config) ->
                            found.toBuilder().putAll(attributes(resource)).build())
                    .addSpanExporterCustomizer(
                            (exporter, config) -> new QuietExporter(exporter, System::nanoTime, log::warn))
                    .build()
                    .getOpenTelemetrySdk();
        } catch (ConfigurationException | IllegalArgumentException e) {
            // A name's value, which is told after it, may be a secret.
            String wrong = String.valueOf(e.getMessage()).split("=", 2)[0];
            throw new TraceException("traces cannot be sent as the OTEL_ variables say: " + wrong);
        }
    }

    private static Attributes attributes(Map<String, String> resource) {
        AttributesBuilder builder = Attributes.builder();
        resource.forEach(builder::put);
        return builder.build();
    }

    public Tracer tracer() {
        return sdk.getTracer(SCOPE);
    }

    /** Sends what is queued, for two seconds at most. */
    @Override
    public void close() {
        sdk.getSdkTracerProvider().shutdown().join(LAST_SPANS.toMillis(), TimeUnit.MILLISECONDS);
    }
}
