package io.millrace.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The jobs that failed for good. */
@Command(
        name = "dead",
        mixinStandardHelpOptions = true,
        description = "Lists the jobs that failed for good, shows one, submits them again.",
        subcommands = {DeadListCommand.class, DeadShowCommand.class, DeadReplayCommand.class},
        footer = {
            "",
            "Example:",
            "  millrace dead list --bootstrap-server kafka:9092",
            "  millrace dead show 3f9a0c51d2e47b68-17 --bootstrap-server kafka:9092",
            "  millrace dead replay 3f9a0c51d2e47b68 --bootstrap-server kafka:9092",
            "  millrace collect 3f9a0c51d2e47b68 --bootstrap-server kafka:9092 -o out"
        })
final class DeadCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "list, show or replay?");
    }
}
