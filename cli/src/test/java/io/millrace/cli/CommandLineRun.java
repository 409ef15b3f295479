package io.millrace.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * A {@code millrace} command run to its end in this process: its exit status, and what it said on both streams as one
 * text.
 *
 * <p>Immutable.
 */
public record CommandLineRun(int status, String output) {

    public static CommandLineRun of(String... arguments) {
        StringWriter output = new StringWriter();
        PrintWriter writer = new PrintWriter(output, true);
        int status = Main.commandLine().setOut(writer).setErr(writer).execute(arguments);
        return new CommandLineRun(status, output.toString());
    }
}
