package io.millrace.worker.app;

import io.millrace.otel.TraceSettings;
import io.millrace.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything a worker is told.
 *
 * <p>Immutable.
 *
 * @param topics prefix of topics and group
 * @param modelName the name that runs ask for
 * @param instance the static membership id
 * @param client Kafka client settings, servers and security included
 * @param engine how to load the model
 * @param lookAhead jobs taken beyond those in the engine
 * @param drainTimeout how long running jobs may go on when the worker stops or a partition moves
 * @param stepTimeout without the end of a step for so long while jobs run, the worker is not ready
 * @param httpHost where health and figures are served
 * @param httpPort 0 takes a free one
 * @param addressFile where the address of health and figures is written once they are served, for who started it
 * @param shareBacklog whether this worker takes partitions over when it has little to do
 * @param traces where spans of jobs go, if anywhere
 */
public record WorkerConfig(
        Topics topics,
        String modelName,
        String instance,
        Map<String, Object> client,
        EngineOptions engine,
        int lookAhead,
        Duration drainTimeout,
        Duration stepTimeout,
        String httpHost,
        int httpPort,
        Optional<Path> addressFile,
        boolean shareBacklog,
        Optional<TraceSettings> traces) {

    private static final Duration LEAST_STEP_TIMEOUT = Duration.ofSeconds(25);

    public WorkerConfig {
        Objects.requireNonNull(traces, "traces");
        Objects.requireNonNull(topics, "topics");
        Objects.requireNonNull(modelName, "modelName");
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(httpHost, "httpHost");
        Objects.requireNonNull(addressFile, "addressFile");
        client = Map.copyOf(client);
        if (drainTimeout.isNegative()) {
            throw new IllegalArgumentException("--drain-timeout must be 0 s or more, not " + drainTimeout);
        }
        if (stepTimeout.compareTo(LEAST_STEP_TIMEOUT) < 0) {
            throw new IllegalArgumentException("--step-timeout must be at least " + LEAST_STEP_TIMEOUT.toSeconds()
                    + " s, since a step of a long prompt takes seconds, not " + stepTimeout.toSeconds() + " s");
        }
        if (httpPort < 0 || httpPort > 65_535) {
            throw new IllegalArgumentException("--http-port must be from 0 to 65535, not " + httpPort);
        }
    }

    /** Without the client's settings, some of which are secret. */
    @Override
    public String toString() {
        return "WorkerConfig[model=" + modelName + ", instance=" + instance + "]";
    }
}
