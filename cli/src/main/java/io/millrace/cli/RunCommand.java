package io.millrace.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Submits, waits, collects. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Runs a file of prompts: submits it, waits for the workers, collects the completions.",
        footer = {
            "",
            "Examples:",
            "  millrace run --local -i prompts.jsonl -o out",
            "  millrace run --local --model model.gguf -i prompts.jsonl -o out -n 4 --temperature 0.8",
            "  millrace run --bootstrap-server kafka:9092 --model model -i batch.jsonl.zst -o out",
            "The same command again goes on where the last one stopped; a complete run is left as it is.",
            "Exit status: 0 every job answered, 1 some failed, 2 wrong input or options, 3 broker, engine or disk failed."
        })
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RunFlags flags = new RunFlags();

    @Mixin
    private InputOptions input = new InputOptions();

    @Option(
            names = "--dedupe",
            description =
                    "Run identical jobs once, where they are greedy or have a seed, and answer every row of them.")
    private boolean dedupe;

    @Option(
            names = "--verify",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "With --local: in the end run N answered jobs again, at one slot, and say how many samples differ.")
    private int verify;

    @Override
    public Integer call() throws Exception {
        if (verify < 0 || verify > 0 && !flags.local()) {
            throw new UserError(
                    verify < 0
                            ? "--verify must be 0 (off) or more jobs, not " + verify
                            : "--verify loads the model here, so it goes with --local only");
        }
        flags.check();
        String model = flags.modelName();
        InputOptions.Planned plan = input.plan(
                model, new InputOptions.Shape(Optional.empty(), dedupe), RunFlags.WORK.resolve("tmp"), err());
        Execution execution = new Execution(flags, flags.localModels(), plan, err());
        int status = execution.run(() -> {});
        if (status != ExitStatus.INTERRUPTED && verify > 0) {
            // The worker is gone and its memory free.
            err().println(Verification.of(
                    plan, execution.runFolder(), flags.engine().options(flags.modelFile()), verify));
        }
        return status;
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
