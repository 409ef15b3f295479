package io.millrace.otel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.job.Traceparent;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TraceSettingsTest {
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static Optional<TraceSettings> of(String endpoint, Map<String, String> environment) {
        return TraceSettings.of(Optional.ofNullable(endpoint), false, environment);
    }

    @Test
    void nothingIsSentUnlessSomebodyAsksForIt() {
        assertThat(of(null, Map.of())).isEmpty();
        assertThat(of(null, Map.of("OTEL_SERVICE_NAME", "mill", ENDPOINT, ""))).isEmpty();
        assertThat(of(null, Map.of(ENDPOINT, "http://c:4318", "OTEL_SDK_DISABLED", "true")))
                .isEmpty();
        assertThat(of(null, Map.of(ENDPOINT, "http://c:4318", "OTEL_TRACES_EXPORTER", "none")))
                .isEmpty();
    }

    @Test
    void theFlagOrTheEnvironmentSaysWhere() {
        assertThat(of("http://c:4318", Map.of()).orElseThrow().endpoint()).contains("http://c:4318/v1/traces");
        assertThat(of("https://c/otlp/", Map.of()).orElseThrow().endpoint()).contains("https://c/otlp/v1/traces");
        assertThat(of("http://c/v1/traces", Map.of()).orElseThrow().endpoint()).contains("http://c/v1/traces");
        assertThat(of(null, Map.of(ENDPOINT, "http://c:4318")).orElseThrow().endpoint())
                .isEmpty();
    }

    @Test
    void whatCannotBeIsSaidWithTheRemedyAndWithoutSecrets() {
        assertThatThrownBy(() -> of("http://user:s3cret@c:4318", Map.of()))
                .isInstanceOf(TraceException.class)
                .hasMessageContaining("OTEL_EXPORTER_OTLP_HEADERS")
                .message()
                .doesNotContain("s3cret");
        assertThatThrownBy(() -> of("collector:4318", Map.of())).hasMessageContaining("http://collector:4318");
        assertThatThrownBy(() -> of("http://c", Map.of("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")))
                .hasMessageContaining("OTEL_EXPORTER_OTLP_PROTOCOL=grpc")
                .hasMessageContaining("http/protobuf");
        assertThatThrownBy(() -> TraceSettings.of(Optional.empty(), true, Map.of()))
                .hasMessageContaining("--trace-content");
    }

    @Test
    void aTraceparentIsOneOrNone() {
        String good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assertThat(Traceparent.of(good)).contains(new Traceparent(good));
        assertThat(TraceContexts.parent(Traceparent.of(good))).isNotNull();
        for (String bad : new String[] {
            "",
            good.toUpperCase(Locale.ROOT),
            good + "-",
            "ff" + good.substring(2),
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"
        }) {
            assertThat(Traceparent.of(bad)).as(bad).isEmpty();
        }
    }
}
