package io.millrace.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The Docker engine of this machine, asked by its own command: Testcontainers would look for minutes. */
final class DockerEngine {
    private static final Duration ANSWER = Duration.ofSeconds(4);
    private static final Duration DOWNLOAD = Duration.ofMinutes(5);

    private DockerEngine() {}

    /** Why containers of an image cannot be run here, within seconds; a registry that has it is given time to send it. */
    static Optional<String> hindrance(String image) throws InterruptedException {
        Command engine = Command.of(ANSWER, "docker", "version", "--format={{.Server.Version}}");
        if (!engine.succeeded()) {
            return Optional.of("there is no Docker engine here: " + engine.said());
        }
        if (Command.of(ANSWER, "docker", "image", "inspect", "--format={{.Id}}", image)
                .succeeded()) {
            return Optional.empty();
        }
        Command pull = Command.of(DOWNLOAD, "docker", "pull", image);
        return pull.succeeded()
                ? Optional.empty()
                : Optional.of("the Docker engine has no image " + image + " and cannot get it: " + pull.said());
    }

    /** A command that has ended, or did not say anything in time. */
    private record Command(boolean succeeded, String said) {

        static Command of(Duration whole, String... words) throws InterruptedException {
            Process process;
            try {
                process = new ProcessBuilder(List.of(words))
                        .redirectErrorStream(true)
                        .start();
            } catch (IOException e) {
                return new Command(false, e.getMessage());
            }
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> line(output));
                String said = first.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
                CompletableFuture<String> last =
                        CompletableFuture.supplyAsync(() -> output.lines().reduce(said, (before, line) -> line));
                String end = last.get(whole.toMillis(), TimeUnit.MILLISECONDS);
                return new Command(process.waitFor() == 0, end);
            } catch (TimeoutException e) {
                return new Command(false, String.join(" ", words) + " does not answer");
            } catch (ExecutionException | IOException e) {
                return new Command(false, e.getMessage());
            } finally {
                process.destroyForcibly();
            }
        }

        private static String line(BufferedReader output) {
            try {
                return Optional.ofNullable(output.readLine()).orElse("");
            } catch (IOException e) {
                return e.getMessage();
            }
        }
    }
}
