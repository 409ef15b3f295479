package io.millrace.worker.app;

import io.millrace.otel.Tracing;
import io.millrace.worker.otel.JobSpans;
import io.millrace.worker.pipeline.Decoder;
import io.millrace.worker.pipeline.JobTraces;
import io.millrace.worker.remote.RemoteDecoder;
import io.millrace.worker.remote.RemoteSettings;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's process, from start to end.
 *
 * <p>Confined to the main thread.
 */
public final class Worker {
    private static final Logger log = LoggerFactory.getLogger(Worker.class);

    /** Time for the last commit and for the engine's end, beyond the drain time-out. */
    private static final Duration LAST_STEPS = Duration.ofSeconds(20);

    private static final String TRACE_SERVICE = "millrace-worker";

    private Worker() {}

    /**
     * Runs a worker until it is told to stop (SIGTERM, SIGINT) or cannot go on.
     *
     * @return empty text after a graceful stop, else why it ended
     */
    public static String run(WorkerConfig config) throws InterruptedException {
        return run(config, EngineCommand.of(config.engine(), config.modelName()));
    }

    /**
     * The same with another engine.
     *
     * @param engineCommand command line of a process that speaks the frames of {@link
     *     io.millrace.worker.remote.EngineServer}
     */
    public static String run(WorkerConfig config, List<String> engineCommand) throws InterruptedException {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setPreferNativeTransport(false));
        CompletableFuture<String> ended = new CompletableFuture<>();
        Decoder decoder = new RemoteDecoder(RemoteSettings.of(engineCommand, Map.of("GGML_NO_BACKTRACE", "1")));
        Optional<Tracing> tracing = config.traces()
                .map(settings -> new Tracing(
                        settings,
                        TRACE_SERVICE,
                        Map.of("service.instance.id", config.instance(), "millrace.model", config.modelName())));
        JobTraces traces = tracing.<JobTraces>map(started -> new JobSpans(
                        started.tracer(),
                        config.modelName(),
                        config.traces().orElseThrow().content(),
                        System::currentTimeMillis))
                .orElse(JobTraces.NONE);
        WorkerVerticle verticle = new WorkerVerticle(config, decoder, traces, ended::complete);
        CompletableFuture<String> closed = new CompletableFuture<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(config, verticle, closed), "stop"));
        vertx.deployVerticle(verticle).onFailure(e -> ended.complete(deployFailure(config, e)));
        try {
            return ended.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the worker's end was completed exceptionally", e);
        } finally {
            decoder.close();
            tracing.ifPresent(Tracing::close);
            closed.complete("");
            vertx.close();
        }
    }

    private static String deployFailure(WorkerConfig config, Throwable cause) {
        return "cannot serve health and metrics at " + config.httpHost() + ":" + config.httpPort() + ": "
                + cause.getMessage() + "; choose another by --http-port, 0 takes a free one";
    }

    /** Runs in the JVM's shutdown: the worker hands over what it owns before the process is gone. */
    private static void stop(WorkerConfig config, WorkerVerticle verticle, CompletableFuture<String> closed) {
        if (closed.isDone()) {
            return;
        }
        verticle.stopGracefully();
        Duration most = config.drainTimeout().plus(LAST_STEPS);
        try {
            closed.get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.warn("the worker has not stopped within {}: what it did not commit runs again elsewhere", most);
        } catch (ExecutionException e) {
            log.error("the worker's end failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
