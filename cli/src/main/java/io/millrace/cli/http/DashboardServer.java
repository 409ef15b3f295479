package io.millrace.cli.http;

import io.millrace.producer.view.ClusterPicture;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * The page at {@code /}, the pictures as events at {@code /events} and the newest as JSON at {@code /picture}.
 *
 * <p>Thread-safe: {@link #show} and {@link #close} may be called from anywhere.
 */
public final class DashboardServer implements AutoCloseable {
    private static final String COOKIE = "millrace-dashboard";
    private static final long BEAT_MILLIS = 10_000;
    private static final long WRONG_TOKEN_MILLIS = 1_000;
    private static final int MOST_WRONG_TOKENS = 20;
    private static final int MOST_FORM_BYTES = 4_096;
    private static final String NO_PICTURE = "{}";
    private static final String UTF_8 = "; charset=utf-8";
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cache-Control",
            "no-store");

    private final Vertx vertx;
    private final Context loop;
    private final HttpServer server;
    private final Access access;
    private final Assets assets;
    private final Viewers viewers = new Viewers();
    private String picture = NO_PICTURE;
    private int wrongTokens;

    private DashboardServer(Vertx vertx, Access access, Assets assets) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.access = access;
        this.assets = assets;
        this.server = vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
                .requestHandler(this::answer);
    }

    /**
     * Serves.
     *
     * @param port 0 takes a free one
     * @throws IOException when the port cannot be had
     */
    public static DashboardServer start(String host, int port, Access access) throws IOException {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setPreferNativeTransport(false));
        try {
            DashboardServer dashboard = new DashboardServer(vertx, access, Assets.load());
            Future.<Integer>future(listens -> dashboard.loop.runOnContext(now -> {
                        vertx.setPeriodic(BEAT_MILLIS, id -> dashboard.viewers.beat());
                        dashboard
                                .server
                                .listen(port, host)
                                .map(HttpServer::actualPort)
                                .onComplete(listens);
                    }))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            return dashboard;
        } catch (CompletionException e) {
            vertx.close();
            throw new IOException(
                    "the page cannot be served at " + host + ":" + port + " ("
                            + e.getCause().getMessage() + "): choose another place by --http-host and --http-port, of"
                            + " which 0 takes a free one",
                    e);
        }
    }

    public int port() {
        return server.actualPort();
    }

    /** Shows a picture to all who look. */
    public void show(ClusterPicture newest) {
        String json = PictureJson.of(newest);
        loop.runOnContext(now -> {
            picture = json;
            viewers.show(newest.number(), json);
        });
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        HEADERS.forEach(response::putHeader);
        if (!access.knowsHost(Optional.ofNullable(request.getHeader("Host")).orElse(""))) {
            text(response, 421, "this page is served for this machine alone, and not under this name\n");
            return;
        }
        if (request.path().equals("/login") && request.method() == HttpMethod.POST) {
            login(request);
            return;
        }
        boolean head = request.method() == HttpMethod.HEAD && !request.path().equals("/events");
        if (request.method() != HttpMethod.GET && !head) {
            response.putHeader("Allow", "GET, HEAD");
            text(response, 405, "this is to be read only\n");
            return;
        }
        switch (request.path()) {
            case "/events" -> events(request);
            case "/picture" -> {
                if (permitted(request)) {
                    response.putHeader("Content-Type", "application/json").end(picture + "\n");
                }
            }
            case "/health/live", "/health/ready" -> health(request);
            default -> asset(request);
        }
    }

    /** It lives while it answers, and is ready once there is a picture. */
    private void health(HttpServerRequest request) {
        boolean up = request.path().equals("/health/live") || !picture.equals(NO_PICTURE);
        request.response()
                .setStatusCode(up ? 200 : 503)
                .putHeader("Content-Type", "application/json")
                .end("{\"status\":\"" + (up ? "UP" : "DOWN") + "\"}\n");
    }

    private void asset(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (request.path().equals("/") && !permits(request)) {
            response.putHeader("Location", "/login").setStatusCode(303).end();
            return;
        }
        Optional<Assets.Asset> asset = assets.at(request.path());
        if (asset.isEmpty()) {
            text(response, 404, "there are /, /events and /picture\n");
            return;
        }
        response.putHeader("Content-Type", asset.get().type() + UTF_8)
                .end(asset.get().text());
    }

    private void events(HttpServerRequest request) {
        if (!permitted(request)) {
            return;
        }
        if (viewers.full()) {
            text(request.response(), 503, Viewers.MOST + " browsers look on already\n");
            return;
        }
        viewers.add(request.response());
    }

    private boolean permits(HttpServerRequest request) {
        return access.permits(
                Optional.ofNullable(request.getCookie(COOKIE)).map(Cookie::getValue),
                Optional.ofNullable(request.getHeader("Authorization")));
    }

    private boolean permitted(HttpServerRequest request) {
        if (permits(request)) {
            return true;
        }
        request.response().putHeader("WWW-Authenticate", "Bearer");
        text(request.response(), 401, "log in at /login, or give the token: Authorization: Bearer TOKEN\n");
        return false;
    }

    private void login(HttpServerRequest request) {
        String type = Optional.ofNullable(request.getHeader("Content-Type")).orElse("");
        String length = Optional.ofNullable(request.getHeader("Content-Length")).orElse("");
        if (!type.startsWith("application/x-www-form-urlencoded")
                || !length.matches("[0-9]{1,4}")
                || Integer.parseInt(length) > MOST_FORM_BYTES) {
            text(request.response(), 400, "a login is a form with a token\n");
            return;
        }
        if (wrongTokens >= MOST_WRONG_TOKENS) {
            text(request.response(), 429, "too many wrong tokens at once\n");
            return;
        }
        request.setExpectMultipart(true);
        request.end()
                .onSuccess(whole -> loggedIn(
                        request.response(),
                        Optional.ofNullable(request.getFormAttribute("token")).orElse("")));
    }

    /** A wrong token is answered late, and few at a time. */
    private void loggedIn(HttpServerResponse response, String given) {
        access.login(given.strip())
                .ifPresentOrElse(
                        session -> response.addCookie(Cookie.cookie(COOKIE, session)
                                        .setHttpOnly(true)
                                        .setSameSite(CookieSameSite.STRICT)
                                        .setPath("/"))
                                .putHeader("Location", "/")
                                .setStatusCode(303)
                                .end(),
                        () -> {
                            wrongTokens++;
                            vertx.setTimer(WRONG_TOKEN_MILLIS, id -> {
                                wrongTokens--;
                                if (!response.closed()) {
                                    response.putHeader("Location", "/login#wrong")
                                            .setStatusCode(303)
                                            .end();
                                }
                            });
                        });
    }

    private static void text(HttpServerResponse response, int status, String text) {
        response.setStatusCode(status)
                .putHeader("Content-Type", "text/plain" + UTF_8)
                .end(text);
    }

    /** Ends the answers that go on, then the server. */
    @Override
    public void close() {
        Future.<Void>future(ended -> loop.runOnContext(now -> {
                    viewers.close();
                    ended.complete();
                }))
                .compose(done -> server.close())
                .compose(done -> vertx.close())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }
}
