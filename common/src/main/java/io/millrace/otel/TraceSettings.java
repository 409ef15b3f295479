package io.millrace.otel;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where traces go. All else is OpenTelemetry's own: its environment variables hold, such as {@code OTEL_SERVICE_NAME},
 * {@code OTEL_TRACES_SAMPLER} and {@code OTEL_EXPORTER_OTLP_HEADERS}.
 *
 * <p>Immutable.
 *
 * @param endpoint the collector's address for traces; empty where the environment says it
 * @param content whether spans hold prompts and answers
 */
public record TraceSettings(Optional<String> endpoint, boolean content) {
    private static final String PATH = "/v1/traces";
    private static final String PROTOCOL = "http/protobuf";

    public TraceSettings {
        endpoint = endpoint.map(TraceSettings::completed);
    }

    /**
     * What flags and environment say together; empty while nobody asks for traces.
     *
     * @throws TraceException saying what is wrong
     */
    public static Optional<TraceSettings> of(
            Optional<String> endpoint, boolean content, Map<String, String> environment) {
        boolean told = given(environment, "OTEL_EXPORTER_OTLP_ENDPOINT")
                || given(environment, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        boolean off = environment.getOrDefault("OTEL_SDK_DISABLED", "").equalsIgnoreCase("true")
                || environment.getOrDefault("OTEL_TRACES_EXPORTER", "").equals("none");
        if (endpoint.isEmpty() && (!told || off)) {
            if (content) {
                throw new TraceException(
                        "--trace-content needs a place for traces: give --traces URL or OTEL_EXPORTER_OTLP_ENDPOINT");
            }
            return Optional.empty();
        }
        for (String name : new String[] {"OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"}) {
            String protocol = environment.getOrDefault(name, "");
            if (!protocol.isEmpty() && !protocol.equals(PROTOCOL)) {
                throw new TraceException(name + "=" + protocol + ": Millrace speaks " + PROTOCOL
                        + " alone, at a collector's port 4318; set it to that or leave it out");
            }
        }
        return Optional.of(new TraceSettings(endpoint, content));
    }

    private static boolean given(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isBlank();
    }

    private static String completed(String endpoint) {
        try {
            URI uri = new URI(endpoint);
            String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
            boolean web = scheme.equals("http") || scheme.equals("https");
            if (web && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawQuery() == null) {
                String plain = endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
                return plain.endsWith(PATH) ? plain : plain + PATH;
            }
        } catch (URISyntaxException e) {
            // said below, without the address: it may hold a password
        }
        throw new TraceException("--traces must be a collector's address such as http://collector:4318, with"
                + " no user, password or query in it; a login goes into OTEL_EXPORTER_OTLP_HEADERS");
    }
}
