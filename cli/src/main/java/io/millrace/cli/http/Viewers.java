package io.millrace.cli.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The browsers that follow the pictures as server-sent events. A slow one misses pictures, and is dropped when it takes
 * none for half a minute; nothing piles up for it.
 *
 * <p>Confined to the event loop.
 */
final class Viewers {
    static final int MOST = 64;

    private static final int QUEUE_BYTES = 256 * 1024;
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final String RETRY = "retry: 2000\n\n";
    private static final Buffer ALIVE = Buffer.buffer(": alive\n\n");

    /** Of each, when it last took something. */
    private final Map<HttpServerResponse, Long> tookNanos = new LinkedHashMap<>();

    private Buffer newest = ALIVE;

    /** Whether there is room for one more. */
    boolean full() {
        return tookNanos.size() >= MOST;
    }

    /** Begins the answer, with the newest picture. */
    void add(HttpServerResponse response) {
        response.setChunked(true);
        response.setWriteQueueMaxSize(QUEUE_BYTES);
        response.putHeader("Content-Type", "text/event-stream; charset=utf-8").putHeader("X-Accel-Buffering", "no");
        response.closeHandler(closed -> tookNanos.remove(response));
        response.exceptionHandler(broken -> tookNanos.remove(response));
        tookNanos.put(response, System.nanoTime());
        response.write(RETRY);
        response.write(newest);
    }

    /** Shows a picture to all. */
    void show(long number, String json) {
        newest = Buffer.buffer("id: " + number + "\nevent: picture\ndata: " + json + "\n\n");
        send(newest);
    }

    /** Keeps the connections, where there is no news. */
    void beat() {
        send(ALIVE);
    }

    private void send(Buffer event) {
        long now = System.nanoTime();
        for (Map.Entry<HttpServerResponse, Long> viewer : new ArrayList<>(tookNanos.entrySet())) {
            HttpServerResponse response = viewer.getKey();
            if (!response.writeQueueFull()) {
                tookNanos.replace(response, now);
                response.write(event);
            } else if (now - viewer.getValue() > PATIENCE_NANOS) {
                tookNanos.remove(response);
                response.reset();
            }
        }
    }

    int count() {
        return tookNanos.size();
    }

    /** Ends all answers. */
    void close() {
        new ArrayList<>(tookNanos.keySet()).forEach(HttpServerResponse::end);
        tookNanos.clear();
    }
}
