package io.millrace.cli.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A child JVM with this one's class path. It runs in a session of its own, so that Ctrl-C on the terminal reaches the
 * parent alone, which then stops its children in order; it ends by itself when the parent is gone, since its standard
 * input ends then. What it prints goes to a log file.
 *
 * <p>Thread-safe.
 */
final class ChildProcess {
    private final Process process;
    private final Path log;

    private ChildProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts {@code millrace} with these arguments. */
    static ChildProcess start(List<String> jvmOptions, List<String> arguments, Path log) throws IOException {
        Files.createDirectories(log.getParent());
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid");
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        String archive = System.getProperty("millrace.cds");
        if (archive != null) {
            command.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable", "-Xlog:all=error:stderr"));
        }
        command.add("-Dmillrace.log.level=INFO");
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.millrace.cli.Main"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(Map.of("GGML_NO_BACKTRACE", "1"));
        return new ChildProcess(builder.start(), log);
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Waits for the end and returns the exit status; 128 and more stand for a signal. */
    int awaitEnd() throws InterruptedException {
        return process.waitFor();
    }

    /** The last line that a command said to its user, or the last line at all. */
    String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            for (int i = lines.size() - 1; i >= 0; i--) {
                if (lines.get(i).startsWith("millrace: ")) {
                    return lines.get(i).substring("millrace: ".length());
                }
            }
            return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks the child to stop, kills it when the time is over. */
    void stop(Duration most) throws InterruptedException {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            process.destroy();
        }
        if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            process.waitFor();
        }
    }
}
