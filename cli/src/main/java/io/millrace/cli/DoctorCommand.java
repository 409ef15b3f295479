package io.millrace.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks whether everything is there, and says what to do where it is not. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Checks Java, llama.cpp's libraries, processor, GPU, a model file, and a broker with its topics.",
        footer = {
            "",
            "Examples:",
            "  millrace doctor",
            "  millrace doctor --model 13b.gguf --backend-dir /opt/cuda-backend --bootstrap-server kafka:9092",
            "Exit status: 0 all well, 3 something is broken."
        })
final class DoctorCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = {"-m", "--model"},
            paramLabel = "FILE",
            description = "The GGUF file to look at (default: the bundled model).")
    private Path model;

    @Option(names = "--backend-dir", paramLabel = "DIR", description = "Folder of ggml backends, such as a CUDA one.")
    private Path backendDir;

    @Override
    public Integer call() {
        Path file = model == null ? BundledModel.place() : model;
        List<Finding> findings = new ArrayList<>(MachineCheck.look(file, Optional.ofNullable(backendDir)));
        if (cluster.given()) {
            findings.addAll(BrokerCheck.look(cluster.clients(), cluster.topics(), EngineFlags.modelName(file)));
        } else {
            findings.add(Finding.note(
                    "broker", "not looked at", "give --bootstrap-server to check one; run --local brings its own"));
        }
        PrintWriter out = spec.commandLine().getOut();
        findings.forEach(out::println);
        out.flush();
        boolean broken = findings.stream().anyMatch(finding -> finding.verdict() == Finding.Verdict.FAIL);
        return broken ? ExitStatus.FAILED : ExitStatus.OK;
    }
}
