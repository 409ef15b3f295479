package io.millrace.otel;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class QuietExporterTest {
    private final List<String> lines = new ArrayList<>();
    private long nanos;

    /** Cannot send. */
    private static final class Cut implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            return CompletableResultCode.ofExceptionalFailure(
                    new IllegalStateException("export failed", new IOException("Connection refused")));
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    @Test
    void whatDoesNotArriveIsSaidOnceAMinuteWithItsNumberAndReason() {
        Consumer<String> log = lines::add;
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(new QuietExporter(new Cut(), () -> nanos, log)))
                .build()) {
            spans(provider, 3);
            nanos += Duration.ofSeconds(59).toNanos();
            spans(provider, 4);
            nanos += Duration.ofSeconds(2).toNanos();
            spans(provider, 1);
        }
        assertThat(lines)
                .containsExactly(
                        "traces: 1 spans did not reach the collector and are dropped: Connection refused",
                        "traces: 7 spans did not reach the collector and are dropped: Connection refused");
    }

    private static void spans(SdkTracerProvider provider, int count) {
        for (int i = 0; i < count; i++) {
            Span span = provider.get("test").spanBuilder("s").startSpan();
            span.end();
        }
    }
}
