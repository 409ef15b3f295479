package io.millrace.cli;

import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command without a sub-command: shows what there is. */
@Command(
        name = "millrace",
        mixinStandardHelpOptions = true,
        versionProvider = Millrace.Version.class,
        description = "Turns files of prompts into files of completions, through Kafka, on as many GPUs as there are.",
        subcommands = {
            RunCommand.class,
            SweepCommand.class,
            ScoreCommand.class,
            SubmitCommand.class,
            CollectCommand.class,
            StatusCommand.class,
            AuditCommand.class,
            TopCommand.class,
            DashboardCommand.class,
            DeadCommand.class,
            CancelCommand.class,
            ReportCommand.class,
            ExportCommand.class,
            PretokenizeCommand.class,
            WorkerCommand.class,
            BrokerCommand.class,
            BenchCommand.class,
            DoctorCommand.class,
            GenerateCompletion.class
        },
        footer = {
            "",
            "Everything on this machine, with the bundled model:",
            "  millrace run --local -i prompts.jsonl -o out",
            "With a cluster: workers anywhere, then a run from anywhere:",
            "  millrace worker --bootstrap-server kafka:9092 --model codellama-13b-oasst-sft-v10.Q4_K_M.gguf",
            "  millrace run --bootstrap-server kafka:9092 --model codellama-13b-oasst-sft-v10.Q4_K_M -i prompts.jsonl -o out",
            "Completion for bash or zsh:",
            "  source <(millrace generate-completion)"
        })
final class Millrace implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? One of those below");
    }

    /** The version of the build. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {text()};
        }

        static String text() {
            String version = Millrace.class.getPackage().getImplementationVersion();
            return "millrace " + (version == null ? "development" : version);
        }
    }
}
