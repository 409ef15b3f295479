package io.millrace.system;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The {@code millrace} command as a process of its own, as users run it. Immutable. */
record CommandLineRun(int status, String output) {
    private static final long MOST_SECONDS = 120;

    /** Runs it to its end; standard output and error come as one text. */
    static CommandLineRun of(Path log, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.millrace.cli.Main"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(
                    "millrace " + List.of(arguments) + " did not end: " + java.nio.file.Files.readString(log));
        }
        return new CommandLineRun(process.exitValue(), java.nio.file.Files.readString(log));
    }
}
