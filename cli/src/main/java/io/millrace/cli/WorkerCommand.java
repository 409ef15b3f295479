package io.millrace.cli;

import io.millrace.kafka.KafkaClients;
import io.millrace.otel.TraceSettings;
import io.millrace.wire.Topics;
import io.millrace.worker.app.EngineOptions;
import io.millrace.worker.app.InstanceLock;
import io.millrace.worker.app.Worker;
import io.millrace.worker.app.WorkerConfig;
import io.millrace.worker.pipeline.PipelineConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs one worker until it is stopped. */
@Command(
        name = "worker",
        mixinStandardHelpOptions = true,
        description = "Runs a worker: one loaded model, jobs from Kafka, results to Kafka.",
        footer = {
            "",
            "Examples:",
            "  millrace worker --bootstrap-server kafka:9092 --model model.gguf --slots 64",
            "  millrace worker --kafka-config client.properties --model /models/13b.gguf --instance gpu-0",
            "SIGTERM lets running jobs finish for --drain-timeout, commits and hands over."
        })
final class WorkerCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private EngineFlags engine = new EngineFlags();

    @Mixin
    private TraceFlags traces = new TraceFlags();

    @Option(
            names = {"-m", "--model"},
            required = true,
            paramLabel = "FILE",
            defaultValue = "${env:MILLRACE_MODEL}",
            description = "The GGUF file (or MILLRACE_MODEL).")
    private Path model;

    @Option(names = "--model-name", paramLabel = "NAME", description = "What runs call it (default: the file's name).")
    private String modelName;

    @Option(
            names = "--instance",
            paramLabel = "ID",
            description = "This worker's id, of its own in the group and the same after a restart"
                    + " (default: the host's name and a number).")
    private String instance;

    @Option(
            names = "--drain-timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long running jobs may go on when partitions move or the worker stops (default:"
                    + " ${DEFAULT-VALUE}).")
    private int drainSeconds;

    @Option(
            names = "--step-timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Without the end of a step for so long while jobs run, the worker is not ready; after five"
                    + " times as long its engine is killed and started again (default: ${DEFAULT-VALUE}).")
    private int stepSeconds;

    @Option(
            names = "--look-ahead",
            paramLabel = "JOBS",
            description = "Jobs taken beyond those in slots (default: 64, or four times the slots).")
    private Integer lookAhead;

    @Option(
            names = "--http-host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Where health and metrics are served (default: ${DEFAULT-VALUE}).")
    private String httpHost;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "0 takes a free one (default: ${DEFAULT-VALUE}).")
    private int httpPort;

    @Option(
            names = "--http-address-file",
            hidden = true,
            paramLabel = "FILE",
            description = "Where the address of health and metrics is written once they are served.")
    private Path addressFile;

    @Option(
            names = "--share-backlog",
            description = "Take partitions over from busy workers when this one has little to do, for the tail of long"
                    + " runs; give it to all workers of a model or to none.")
    private boolean shareBacklog;

    @Option(names = "--stop-with-stdin", hidden = true, description = "Stop when standard input ends.")
    private boolean stopWithStdin;

    @Override
    public Integer call() throws Exception {
        EngineOptions options = engine.options(model);
        Optional<TraceSettings> told = traces.settings();
        String name = Optional.ofNullable(modelName).orElseGet(() -> EngineFlags.modelName(model));
        KafkaClients clients = cluster.clients();
        Topics topics = cluster.topics();
        if (stopWithStdin) {
            ParentWatch.start();
        }
        ClusterOptions.setUp(clients, topics, name);
        if (instance != null) {
            return run(options, told, name, clients, topics, instance);
        }
        Path locks = Path.of(System.getProperty("user.home"), ".millrace", "instances");
        try (InstanceLock lock = InstanceLock.take(locks)) {
            return run(options, told, name, clients, topics, lock.id());
        }
    }

    private int run(
            EngineOptions options,
            Optional<TraceSettings> told,
            String name,
            KafkaClients clients,
            Topics topics,
            String id)
            throws InterruptedException {
        WorkerConfig config;
        try {
            config = new WorkerConfig(
                    topics,
                    name,
                    id,
                    clients.settings().client(),
                    options,
                    lookAhead != null
                            ? lookAhead
                            : Math.max(PipelineConfig.DEFAULT_LOOK_AHEAD, 4 * options.mostSlots()),
                    Duration.ofSeconds(drainSeconds),
                    Duration.ofSeconds(stepSeconds),
                    httpHost,
                    httpPort,
                    Optional.ofNullable(addressFile),
                    shareBacklog,
                    told);
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage());
        }
        String end = Worker.run(config);
        if (end.isEmpty()) {
            return ExitStatus.OK;
        }
        spec.commandLine().getErr().println("millrace: " + end);
        return ExitStatus.FAILED;
    }
}
