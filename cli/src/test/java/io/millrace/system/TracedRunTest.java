package io.millrace.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.system.OtlpReceiver.Received;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command with its worker and the real model, as processes of their own, and a collector. */
final class TracedRunTest {
    private static final int JOBS = 12;
    private static final String SECRET = "s3cretToken";
    private static final Map<String, String> ENVIRONMENT =
            Map.of("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer " + SECRET);

    @TempDir
    Path folder;

    private LocalRun run(String... flags) throws IOException {
        Files.write(
                folder.resolve("prompts.jsonl"),
                Stream.iterate(1, i -> i + 1)
                        .limit(JOBS)
                        .map(i -> "{\"prompt\":\"How much is " + i + " and one?\"}")
                        .toList());
        List<String> arguments = Stream.concat(
                        Stream.of("run", "--local", "--input-file=prompts.jsonl", "--output=out", "--max-tokens=4"),
                        Stream.of(flags))
                .toList();
        return LocalRun.start(folder, ENVIRONMENT, arguments.toArray(String[]::new));
    }

    @Test
    void aRunAndItsWorkerTellACollectorOfEveryJobAndTheLoginStaysSecret() throws Exception {
        try (OtlpReceiver receiver = new OtlpReceiver()) {
            try (LocalRun run = run("--traces=" + receiver.url())) {
                ProcessHandle engine = run.find("the engine", line -> line.contains(".EngineMain "));
                assertThat(Files.readString(Path.of("/proc", Long.toString(engine.pid()), "environ")))
                        .as("the engine's environment")
                        .isNotEmpty()
                        .doesNotContain("OTEL_");
                assertThat(run.awaitEnd()).as(run.log()).isZero();
            }
            Received chunk = receiver.spans(SpanKind.SPAN_KIND_PRODUCER).get(0);
            assertThat(chunk.service()).isEqualTo("millrace");
            assertThat(receiver.jobs()).hasSize(JOBS).allSatisfy(job -> {
                assertThat(job.service()).isEqualTo("millrace-worker");
                assertThat(job.parent()).isEqualTo(chunk.id());
                assertThat(job.number("gen_ai.usage.output_tokens")).isPositive();
            });
            assertThat(receiver.logins()).isNotEmpty().containsOnly("Bearer " + SECRET);
            assertThat(receiver.spans().toString()).doesNotContain("How much is", SECRET);
            assertThat(written()).doesNotContain(SECRET);
        }
    }

    @Test
    void aCollectorThatRefusesIsNamedInALineWithoutTheLogin() throws Exception {
        try (OtlpReceiver receiver = new OtlpReceiver()) {
            receiver.answer(401);
            try (LocalRun run = run("--traces=" + receiver.url(), "--trace-content")) {
                assertThat(run.awaitEnd()).as(run.log()).isZero();
                assertThat(run.log()).contains("spans did not reach the collector");
            }
            assertThat(receiver.jobs().toString()).contains("How much is");
            assertThat(written()).doesNotContain(SECRET, "\tat io.opentelemetry");
        }
    }

    /** Everything that lies in the run's folder but the broker's data. */
    private String written() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("/broker/"))
                    .forEach(file -> {
                        try {
                            all.append(new String(Files.readAllBytes(file), UTF_8));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
        return all.toString();
    }
}
