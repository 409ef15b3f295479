package io.millrace.cli;

import io.millrace.wire.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where and how a run is carried out by a command that waits for it. */
final class RunFlags {
    /** Where data of {@code --local} and temporary files lie. */
    static final Path WORK = Path.of(".millrace");

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private LossOptions loss = new LossOptions();

    @Option(names = "--repair", description = "Submit jobs that got lost again, exactly those.")
    private boolean repair;

    @Mixin
    private DeadlineOption deadline = new DeadlineOption();

    @Mixin
    private EngineFlags engine = new EngineFlags();

    @Mixin
    private TraceFlags traces = new TraceFlags();

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "DIR",
            description = "Folder for results.jsonl, errors.jsonl and run.json.")
    private Path output;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "NAME|FILE",
            description =
                    "The model's name as its workers have it; with --local a GGUF file (default: the bundled one).")
    private String model;

    @Option(
            names = "--local",
            description = "Start a broker and a worker on this machine for the run; data under .millrace/.")
    private boolean local;

    @Option(
            names = "--max-in-flight-jobs",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Submit at most N jobs ahead of the results (default: ${DEFAULT-VALUE}).")
    private long maxInFlight;

    /** @throws UserError when flags contradict each other */
    void check() {
        if (local && cluster.given()) {
            throw new UserError("--local brings its own broker: leave out --bootstrap-server and --kafka-config");
        }
        if (maxInFlight < 1) {
            throw new UserError("--max-in-flight-jobs must be at least 1, not " + maxInFlight);
        }
    }

    /** The name of the run's model. */
    String modelName() {
        if (!local && model == null) {
            throw new UserError("--model is missing: name the model whose workers are to run this, or use --local");
        }
        if (!local) {
            return model;
        }
        engine.options(modelFile());
        return EngineFlags.modelName(modelFile());
    }

    /** The model's file, with {@code --local} only. */
    Path modelFile() {
        return model == null ? BundledModel.file() : Path.of(model);
    }

    /** The files that this machine is to start workers for. */
    List<Path> localModels() {
        return local ? List.of(modelFile()) : List.of();
    }

    boolean local() {
        return local;
    }

    boolean modelGiven() {
        return model != null;
    }

    Path output() {
        return output;
    }

    ClusterOptions cluster() {
        return cluster;
    }

    Topics topics() {
        return cluster.topics();
    }

    LossOptions loss() {
        return loss;
    }

    boolean repair() {
        return repair;
    }

    DeadlineOption deadline() {
        return deadline;
    }

    TraceFlags traces() {
        return traces;
    }

    /** Flags of the workers that {@code --local} starts. */
    List<String> workerArguments(int workers) {
        List<String> arguments = new ArrayList<>(engine.arguments(workers));
        arguments.addAll(traces.arguments());
        return arguments;
    }

    EngineFlags engine() {
        return engine;
    }

    long maxInFlight() {
        return maxInFlight;
    }
}
