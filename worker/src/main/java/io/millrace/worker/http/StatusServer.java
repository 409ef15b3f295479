package io.millrace.worker.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code /health/live}, {@code /health/ready} and {@code /metrics}. Unhealthy answers have status 503 and say why.
 *
 * <p>Confined to the event loop.
 */
public final class StatusServer {
    private final HttpServer server;
    private final Supplier<Optional<String>> unreadyReason;
    private final Supplier<String> metrics;

    /**
     * A server that does not listen yet.
     *
     * @param unreadyReason why the worker takes no jobs; empty when it does
     * @param metrics Prometheus text
     */
    public StatusServer(Vertx vertx, Supplier<Optional<String>> unreadyReason, Supplier<String> metrics) {
        this.unreadyReason = unreadyReason;
        this.metrics = metrics;
        this.server = vertx.createHttpServer().requestHandler(this::answer);
    }

    /** Listens; port 0 takes a free one. The port it got is the answer. */
    public Future<Integer> listen(String host, int port) {
        return server.listen(port, host).map(HttpServer::actualPort);
    }

    private void answer(HttpServerRequest request) {
        if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
            request.response()
                    .setStatusCode(405)
                    .putHeader("Allow", "GET, HEAD")
                    .end();
            return;
        }
        switch (request.path()) {
            case "/health/live" -> health(request, Optional.empty());
            case "/health/ready" -> health(request, unreadyReason.get());
            case "/metrics" ->
                request.response()
                        .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                        .end(metrics.get());
            default ->
                request.response().setStatusCode(404).end("there are /health/live, /health/ready and /metrics\n");
        }
    }

    private static void health(HttpServerRequest request, Optional<String> reason) {
        JsonObject body = new JsonObject().put("status", reason.isEmpty() ? "UP" : "DOWN");
        reason.ifPresent(text -> body.put("reason", text));
        request.response()
                .setStatusCode(reason.isEmpty() ? 200 : 503)
                .putHeader("Content-Type", "application/json")
                .end(body.encode() + "\n");
    }

    public Future<Void> close() {
        return server.close();
    }
}
