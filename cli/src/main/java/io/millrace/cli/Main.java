package io.millrace.cli;

import io.millrace.kafka.ClusterException;
import io.millrace.otel.TraceException;
import io.millrace.producer.files.InputException;
import io.millrace.producer.files.OutputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** The entry of the {@code millrace} command. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The command with its sub-commands and error texts. */
    static CommandLine commandLine() {
        return new CommandLine(new Millrace())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(new WrongOptions())
                .setExecutionExceptionHandler(new OneLineErrors())
                .setUsageHelpAutoWidth(true);
    }

    /** Mistakes and failures that have a message for the user get that line; anything else is a defect and shows all. */
    private static final class OneLineErrors implements IExecutionExceptionHandler {

        @Override
        public int handleExecutionException(Exception error, CommandLine command, ParseResult result) {
            PrintWriter err = command.getErr();
            if (error instanceof UserError user) {
                err.println("millrace: " + user.getMessage());
                return user.exitStatus();
            }
            if (error instanceof InputException
                    || error instanceof OutputException
                    || error instanceof TraceException) {
                err.println("millrace: " + error.getMessage());
                return ExitStatus.USAGE;
            }
            if (error instanceof IOException) {
                err.println("millrace: " + error);
                return ExitStatus.FAILED;
            }
            Optional<ClusterException> cluster =
                    error instanceof ClusterException known ? Optional.of(known) : ClusterException.of(error);
            if (cluster.isPresent()) {
                err.println("millrace: " + cluster.get().getMessage());
                return ExitStatus.FAILED;
            }
            err.println("millrace: this is a defect, please report it:");
            error.printStackTrace(err);
            return ExitStatus.FAILED;
        }
    }
}
