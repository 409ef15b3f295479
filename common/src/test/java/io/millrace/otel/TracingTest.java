package io.millrace.otel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TracingTest {
    /** OpenTelemetry reads it as it does the variable of that name. */
    private static final String HEADERS = "otel.exporter.otlp.headers";

    @Test
    void aLoginThatIsWrittenWronglyIsNamedAndNotShown() {
        System.setProperty(HEADERS, "s3cretWithoutName");
        try {
            assertThatThrownBy(() -> new Tracing(
                            new TraceSettings(Optional.of("http://127.0.0.1:4318"), false), "test", Map.of()))
                    .isInstanceOf(TraceException.class)
                    .hasMessageContaining(HEADERS)
                    .message()
                    .doesNotContain("s3cret");
        } finally {
            System.clearProperty(HEADERS);
        }
    }
}
