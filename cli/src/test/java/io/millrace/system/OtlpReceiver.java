package io.millrace.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/**
 * A collector of traces: OTLP in protobuf over HTTP.
 *
 * <p>Thread-safe.
 */
final class OtlpReceiver implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final List<Received> spans = new CopyOnWriteArrayList<>();
    private final List<String> logins = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile int status = 200;
    private volatile boolean silent;

    /** A span and the service that sent it. */
    record Received(String service, Span span) {
        String id() {
            return HexFormat.of().formatHex(span.getSpanId().toByteArray());
        }

        String trace() {
            return HexFormat.of().formatHex(span.getTraceId().toByteArray());
        }

        String parent() {
            return HexFormat.of().formatHex(span.getParentSpanId().toByteArray());
        }

        /** What a header says of it, but for the flags. */
        String traceparent() {
            return "00-" + trace() + "-" + id() + "-";
        }

        Optional<AnyValue> attribute(String name) {
            return span.getAttributesList().stream()
                    .filter(attribute -> attribute.getKey().equals(name))
                    .map(KeyValue::getValue)
                    .findFirst();
        }

        String text(String name) {
            return attribute(name).map(AnyValue::getStringValue).orElse("");
        }

        long number(String name) {
            return attribute(name).map(AnyValue::getIntValue).orElse(-1L);
        }

        List<String> events() {
            return span.getEventsList().stream().map(Span.Event::getName).toList();
        }
    }

    OtlpReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/traces", this::receive);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on everything is answered with this. */
    void answer(int newStatus) {
        status = newStatus;
    }

    /** From now on nothing is answered. */
    void fallSilent() {
        silent = true;
    }

    private void receive(HttpExchange exchange) throws IOException {
        if (silent) {
            awaitClosing();
        }
        try (exchange;
                InputStream body = new GZIPInputStream(exchange.getRequestBody())) {
            logins.addAll(exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
            for (ResourceSpans resource :
                    ExportTraceServiceRequest.parseFrom(body).getResourceSpansList()) {
                String service = resource.getResource().getAttributesList().stream()
                        .filter(attribute -> attribute.getKey().equals("service.name"))
                        .map(attribute -> attribute.getValue().getStringValue())
                        .findFirst()
                        .orElse("");
                for (ScopeSpans scope : resource.getScopeSpansList()) {
                    scope.getSpansList().forEach(span -> spans.add(new Received(service, span)));
                }
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }

    List<Received> spans() {
        return List.copyOf(spans);
    }

    List<Received> spans(Span.SpanKind kind) {
        return spans.stream()
                .filter(received -> received.span().getKind() == kind)
                .toList();
    }

    /** Of jobs. */
    List<Received> jobs() {
        return spans.stream()
                .filter(received -> received.span().getName().startsWith("chat "))
                .toList();
    }

    /** What senders log in with. */
    List<String> logins() {
        return List.copyOf(logins);
    }

    private void awaitClosing() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
