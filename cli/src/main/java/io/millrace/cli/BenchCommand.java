package io.millrace.cli;

import io.millrace.job.SamplingParams;
import io.millrace.worker.app.BenchMix;
import io.millrace.worker.app.BenchReport;
import io.millrace.worker.app.EngineBench;
import io.millrace.worker.decode.EngineException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the engine with a mix of jobs. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures the engine alone: tokens a second, slot occupancy and step times for a model and a mix of jobs.",
            "The decode ceiling is the rate while every slot decodes, sampling included. Prompts are random tokens;",
            "every sample goes on to its --max-tokens."
        },
        footer = {
            "",
            "Examples:",
            "  millrace bench --slots 32 --jobs 200 --prompt-tokens 128 --max-tokens 128",
            "  millrace bench --model 13b.gguf --slots 192 --slot-tokens 512 --jobs 768 --shared-tokens 134 --json"
        })
final class BenchCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private EngineFlags engine = new EngineFlags();

    @Option(
            names = {"-m", "--model"},
            paramLabel = "FILE",
            description = "The GGUF file (default: the bundled model).")
    private Path model;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            defaultValue = "100",
            description = "Jobs of the mix (default: ${DEFAULT-VALUE}).")
    private int jobs;

    @Option(
            names = "--prompt-tokens",
            paramLabel = "N|N-M",
            defaultValue = "128",
            description = "Tokens of a prompt, or between which bounds (default: ${DEFAULT-VALUE}).")
    private String promptTokens;

    @Option(
            names = "--max-tokens",
            paramLabel = "N|N-M",
            defaultValue = "128",
            description = "Tokens of a completion, or between which bounds (default: ${DEFAULT-VALUE}).")
    private String maxTokens;

    @Option(
            names = "--shared-tokens",
            paramLabel = "N",
            defaultValue = "0",
            description = "Tokens that all prompts begin with, before their own (default: ${DEFAULT-VALUE}).")
    private int sharedTokens;

    @Option(names = "--greedy", description = "Take the most likely token (default: the samplers' defaults).")
    private boolean greedy;

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    @Override
    public Integer call() {
        BenchReport report;
        try {
            SamplingParams sampling = greedy ? greedily() : SamplingParams.DEFAULTS;
            BenchMix mix = new BenchMix(
                    jobs,
                    sharedTokens,
                    BenchMix.Bounds.parse(promptTokens),
                    BenchMix.Bounds.parse(maxTokens),
                    sampling);
            report = EngineBench.run(engine.options(model == null ? BundledModel.file() : model), mix);
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage());
        } catch (EngineException e) {
            throw new UserError(e.getMessage(), ExitStatus.FAILED);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? BenchText.json(report) : BenchText.table(report));
        out.flush();
        return ExitStatus.OK;
    }

    private static SamplingParams greedily() {
        SamplingParams usual = SamplingParams.DEFAULTS;
        return new SamplingParams(
                usual.maxTokens(), 0, 0, 1, 0, 1, 0, 0, 0, usual.logitBias(), usual.seed(), usual.stop(), 1, false);
    }
}
