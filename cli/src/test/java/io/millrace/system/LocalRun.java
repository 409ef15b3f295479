package io.millrace.system;

import io.millrace.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The command as a process of its own, in a folder of its own, with the processes that it starts. */
final class LocalRun implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 180;
    private static final long LOOK_AGAIN_NANOS = 20_000_000;

    private final Path folder;
    private final Process process;

    private LocalRun(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /** Starts {@code millrace} with these arguments; output goes to {@code run.log} there. */
    static LocalRun start(Path folder, String... arguments) throws IOException {
        return start(folder, Map.of(), arguments);
    }

    /** The same with these environment variables. */
    static LocalRun start(Path folder, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dmillrace.home=" + Path.of("..").toAbsolutePath().normalize(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        Process process = builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("run.log").toFile()))
                .start();
        return new LocalRun(folder, process);
    }

    /** Waits until the output holds so many results, in mid-run. */
    void awaitResults(Path output, long results) {
        await(results + " results", () -> lines(output.resolve("results.jsonl.partial")) >= results);
    }

    /** Waits until the output has what is looked for. */
    void awaitLog(Predicate<String> found) {
        await("a line in its output", () -> found.test(log()));
    }

    /** Ends a process that this one has started, as a power cut would: no signal handler, no last words. */
    ProcessHandle kill(String what, Predicate<String> commandLine) {
        ProcessHandle victim = find(what, commandLine);
        victim.destroyForcibly();
        victim.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        return victim;
    }

    /** A process below this one. */
    ProcessHandle find(String what, Predicate<String> commandLine) {
        List<ProcessHandle> found = new ArrayList<>();
        await(what, () -> {
            found.clear();
            try (Stream<ProcessHandle> all = process.descendants()) {
                all.filter(handle -> commandLine.test(commandLine(handle))).forEach(found::add);
            }
            return !found.isEmpty();
        });
        if (found.size() > 1) {
            throw new AssertionError(what + " is not one process: " + found);
        }
        return found.get(0);
    }

    private static String commandLine(ProcessHandle handle) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(handle.pid()), "cmdline"))
                    .replace('\0', ' ');
        } catch (IOException e) {
            return ""; // it has just ended
        }
    }

    /** Waits for the end; the exit status. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the run does not end: " + log());
        }
        return process.exitValue();
    }

    String log() {
        try {
            return Files.readString(folder.resolve("run.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            return 0; // not there yet, or renamed since
        }
    }

    private void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain for " + what + ": " + log());
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
