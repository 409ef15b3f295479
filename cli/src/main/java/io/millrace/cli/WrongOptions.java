package io.millrace.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Options that cannot be read, in one line; the commands are listed where none was given. Thread-safe. */
final class WrongOptions implements IParameterExceptionHandler {

    @Override
    public int handleParseException(ParameterException error, String[] arguments) {
        CommandLine command = error.getCommandLine();
        String message = error.getMessage().strip().replaceAll("\\s*\\R\\s*", "; ");
        if (!command.getSubcommands().isEmpty() && !(error instanceof UnmatchedArgumentException)) {
            command.getErr().println(message);
            command.usage(command.getErr());
        } else {
            command.getErr()
                    .println("millrace: " + message + near(error) + "; "
                            + command.getCommandSpec().qualifiedName() + " --help lists the options");
        }
        return ExitStatus.USAGE;
    }

    private static String near(ParameterException error) {
        List<String> names =
                error instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        return names.isEmpty() ? "" : "; did you mean " + String.join(" or ", names) + "?";
    }
}
