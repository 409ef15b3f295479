package io.millrace.worker.app;

import io.millrace.worker.delivery.RetryPolicy;
import io.millrace.worker.http.StatusServer;
import io.millrace.worker.http.WorkerMetrics;
import io.millrace.worker.kafka.KafkaPollLoop;
import io.millrace.worker.kafka.RunFollower;
import io.millrace.worker.kafka.WorkerKafkaConfig;
import io.millrace.worker.pipeline.Decoder;
import io.millrace.worker.pipeline.EngineFigures;
import io.millrace.worker.pipeline.EngineInfo;
import io.millrace.worker.pipeline.JobPipeline;
import io.millrace.worker.pipeline.JobTraces;
import io.millrace.worker.pipeline.PipelineConfig;
import io.millrace.worker.pipeline.PipelineFigures;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a worker's pipeline on one event loop and brings its adapters up: the engine first, then, when it is ready, the
 * group, so that nobody waits for a worker that still loads.
 *
 * <p>Confined to its event loop, but for {@link #stopGracefully}.
 */
public final class WorkerVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(WorkerVerticle.class);
    private static final long TICK_MILLIS = 25;
    private static final long FIGURES_MILLIS = 10_000;

    private final WorkerConfig config;
    private final Decoder decoder;
    private final JobTraces traces;
    private final Consumer<String> onEnd;

    private Context loop;
    private JobPipeline pipeline;
    private KafkaPollLoop polls;
    private RunFollower follower;
    private WorkerMetrics metrics;
    private StatusServer server;
    private boolean joined;
    private boolean ended;
    private boolean stopping;

    /** Why the engine or the runs cannot be gone on with; the worker ends with it after its last commit. */
    private String failure = "";

    /**
     * A worker that is not deployed.
     *
     * @param traces told of the jobs
     * @param onEnd told once when the worker is over: empty text after a graceful stop, else why
     */
    public WorkerVerticle(WorkerConfig config, Decoder decoder, JobTraces traces, Consumer<String> onEnd) {
        this.config = config;
        this.decoder = decoder;
        this.traces = traces;
        this.onEnd = onEnd;
    }

    @Override
    public Future<?> start() {
        loop = context;
        WorkerKafkaConfig kafka = WorkerKafkaConfig.of(
                        config.topics(), config.modelName(), config.instance(), config.client(), config.drainTimeout())
                .withSharing(config.shareBacklog());
        polls = new KafkaPollLoop(
                kafka, this::onLoop, reason -> onLoop(() -> end(reason.isEmpty() ? failure : reason)));
        pipeline = new JobPipeline(
                new PipelineConfig(
                        config.modelName(),
                        config.instance(),
                        kafka.transactionalId(),
                        config.lookAhead(),
                        PipelineConfig.DEFAULT_COMMIT_INTERVAL,
                        PipelineConfig.DEFAULT_MIN_COMMIT_INTERVAL,
                        config.drainTimeout(),
                        config.stepTimeout(),
                        RetryPolicy.DEFAULT),
                polls,
                polls,
                decoder,
                System::nanoTime,
                System::currentTimeMillis,
                traces);
        follower = new RunFollower(kafka, this::onLoop, pipeline::cancelled, this::stopFor);
        metrics = new WorkerMetrics(config.modelName(), config.instance());
        server = new StatusServer(vertx, this::unreadyReason, this::scrape);
        vertx.setPeriodic(TICK_MILLIS, id -> pipeline.tick());
        vertx.setPeriodic(FIGURES_MILLIS, id -> logFigures());
        decoder.start(new EngineEvents());
        return server.listen(config.httpHost(), config.httpPort()).compose(this::tellAddress);
    }

    private Future<Void> tellAddress(int port) {
        String address = "http://" + config.httpHost() + ":" + port;
        log.info("health and metrics at {}/health/ready and /metrics", address);
        return config.addressFile()
                .map(file -> vertx.fileSystem()
                        .writeFile(file.toString(), Buffer.buffer(address + "\n"))
                        .otherwise(e -> {
                            log.warn("cannot write this address to {}: {}", file, e.getMessage());
                            return null;
                        }))
                .orElseGet(Future::succeededFuture);
    }

    private void onLoop(Runnable action) {
        loop.runOnContext(ignored -> action.run());
    }

    /** Stops taking jobs, lets running ones finish within the drain time-out, commits, leaves the group. */
    public void stopGracefully() {
        onLoop(() -> {
            log.info(
                    "stopping: {} jobs run, at most {} for them",
                    pipeline.figures().running(),
                    config.drainTimeout());
            stopping = true;
            pipeline.stop();
            if (!joined) {
                end("");
            }
        });
    }

    /** Ends in order, for this reason. */
    private void stopFor(String reason) {
        failure = reason;
        stopping = true;
        pipeline.stop();
    }

    private void end(String reason) {
        if (!ended) {
            ended = true;
            follower.close();
            onEnd.accept(reason);
        }
    }

    private Optional<String> unreadyReason() {
        if (stopping) {
            return Optional.of("stopping");
        }
        if (!pipeline.engineReady()) {
            return Optional.of("the engine is not ready");
        }
        return pipeline.stuck();
    }

    private String scrape() {
        metrics.update(pipeline.figures(), pipeline.engineReady(), polls.backlog());
        return metrics.scrape();
    }

    private void logFigures() {
        PipelineFigures figures = pipeline.figures();
        if (figures.running() + figures.waiting() + figures.pending() == 0) {
            return;
        }
        log.info(
                "answered={} failed={} running={} waiting={} pending={} partitions={}{}",
                figures.answered(),
                figures.failedJobs(),
                figures.running(),
                figures.waiting(),
                figures.pending(),
                figures.partitions(),
                pipeline.engineFigures().map(WorkerVerticle::shown).orElse(""));
    }

    private static String shown(EngineFigures figures) {
        return " steps=" + figures.steps() + " generated_tokens=" + figures.generatedTokens() + " prompt_tokens="
                + figures.promptTokens() + " cached_tokens=" + figures.cachedTokens() + " slots_running="
                + figures.runningSequences();
    }

    /** Brings what the engine says to the event loop. */
    private final class EngineEvents implements Decoder.Listener {

        @Override
        public void ready(EngineInfo info) {
            onLoop(() -> {
                ModelReport.log(info);
                pipeline.ready(info);
                metrics.slots(info.slots());
                if (!joined && !stopping) {
                    joined = true;
                    follower.start();
                    polls.start(pipeline, pipeline);
                }
            });
        }

        @Override
        public void finished(List<Decoder.Outcome> outcomes) {
            onLoop(() -> {
                metrics.finished(outcomes);
                pipeline.finished(outcomes);
            });
        }

        @Override
        public void died(String reason) {
            onLoop(() -> pipeline.died(reason));
        }

        @Override
        public void failed(String reason) {
            onLoop(() -> {
                pipeline.failed(reason);
                if (joined) {
                    failure = reason;
                } else {
                    end(reason);
                }
            });
        }

        @Override
        public void figures(EngineFigures figures) {
            onLoop(() -> {
                pipeline.figures(figures);
                metrics.update(figures);
            });
        }
    }
}
