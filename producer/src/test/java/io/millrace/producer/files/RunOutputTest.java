package io.millrace.producer.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunOutputTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path temporary;

    @Test
    void anAnswerIsALineOfAnOpenAiBatchOutputFile() throws IOException {
        Path out = completeRun(10);

        String line = Files.readAllLines(out.resolve("results.jsonl")).get(1);
        assertThat(line)
                .isEqualTo("{\"id\":\"batch_req_0123456789abcdef-1\",\"custom_id\":\"line-2\","
                        + "\"response\":{\"status_code\":200,\"request_id\":\"req_0123456789abcdef-1\","
                        + "\"body\":{\"id\":\"chatcmpl-0123456789abcdef-1\",\"object\":\"chat.completion\","
                        + "\"created\":1700000000,\"model\":\"tiny-chatml\",\"choices\":["
                        + "{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"answer 1\"},"
                        + "\"logprobs\":null,\"finish_reason\":\"stop\"},"
                        + "{\"index\":1,\"message\":{\"role\":\"assistant\","
                        + "\"content\":\"und \\\"noch\\\" eine\\né\"},"
                        + "\"logprobs\":null,\"finish_reason\":\"length\"}],"
                        + "\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":13,\"total_tokens\":33,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":4}},"
                        + "\"timings\":{\"cache_n\":4,\"prompt_n\":16,\"prompt_ms\":20.0,\"prompt_per_second\":800.0,"
                        + "\"predicted_n\":13,\"predicted_ms\":260.0,\"predicted_per_second\":50.0}}},"
                        + "\"error\":null,\"metadata\":{\"task\": 1.50},"
                        + "\"millrace\":{\"model_sha256\":\"" + "ab".repeat(32) + "\",\"quantization\":\"Q8_0\","
                        + "\"template\":\"chatml\",\"engine\":\"llama.cpp v0.5.0\",\"worker\":\"worker-1\","
                        + "\"attempt\":1,\"seeds\":[11,-12],\"completion_tokens\":[5,8],\"queue_ms\":1.5}}");
    }

    @Test
    void aFailedJobIsALineOfTheErrorFile() throws IOException {
        Path out = completeRun(10);

        List<String> lines = Files.readAllLines(out.resolve("errors.jsonl"));
        assertThat(lines)
                .containsExactly("{\"id\":\"batch_req_0123456789abcdef-9\",\"custom_id\":\"line-10\","
                        + "\"response\":{\"status_code\":400,\"request_id\":\"req_0123456789abcdef-9\",\"body\":null},"
                        + "\"error\":{\"code\":\"CONTEXT_WINDOW_EXCEEDED\","
                        + "\"message\":\"2000 tokens do not fit into 1024\"},\"metadata\":{\"task\":\"t\"},"
                        + "\"millrace\":{\"model_sha256\":\"" + "ab".repeat(32) + "\",\"quantization\":\"Q8_0\","
                        + "\"template\":\"chatml\",\"engine\":\"llama.cpp v0.5.0\",\"worker\":\"worker-1\","
                        + "\"attempt\":1}}");
    }

    @Test
    void linesStandInTheOrderOfTheInputWhateverTheOrderOfArrival() throws IOException {
        List<Long> order = new ArrayList<>();
        for (long i = 0; i < 3000; i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(5));
        Path out = temporary.resolve("out");
        try (RunOutput output = RunOutput.open(out, Results.RUN, CLOCK)) {
            for (long index : order) {
                assertThat(output.add(Results.of(index))).isTrue();
            }
            output.complete(Results.FACTS, 3000, Map.of());
        }

        List<Long> answered = indices(out.resolve("results.jsonl"));
        List<Long> failed = indices(out.resolve("errors.jsonl"));
        assertThat(answered).hasSize(2700).isSorted();
        assertThat(failed).hasSize(300).isSorted();
    }

    @Test
    void theSummaryHasTheTotalsAndMakesTheRunComplete() throws IOException {
        Path out = completeRun(20);

        JsonNode summary = JSON.readTree(out.resolve("run.json").toFile());
        assertThat(summary.get("run").textValue()).isEqualTo(Results.RUN);
        assertThat(summary.get("state").textValue()).isEqualTo("completed");
        assertThat(summary.get("jobs").intValue()).isEqualTo(20);
        assertThat(summary.get("answered").intValue()).isEqualTo(18);
        assertThat(summary.get("failed").intValue()).isEqualTo(2);
        assertThat(summary.get("samples").intValue()).isEqualTo(36);
        assertThat(summary.get("finish_reasons").toString()).isEqualTo("{\"stop\":18,\"length\":18}");
        assertThat(summary.get("failures").toString()).isEqualTo("{\"CONTEXT_WINDOW_EXCEEDED\":2}");
        assertThat(summary.get("usage").toString())
                .isEqualTo("{\"prompt_tokens\":360,\"completion_tokens\":234,"
                        + "\"total_tokens\":594,\"cached_tokens\":72}");
        assertThat(summary.get("origins").get(0).get("model_sha256").textValue())
                .isEqualTo("ab".repeat(32));
        assertThat(summary.get("options").toString()).isEqualTo("{\"temperature\":\"0.0\"}");
        RunSummary read = RunOutput.completed(out, Results.RUN).orElseThrow();
        assertThat(read.totals().answered()).isEqualTo(18);
        assertThat(read.facts()).isEqualTo(Results.FACTS);
        assertThat(out.toFile().list())
                .containsExactlyInAnyOrder("results.jsonl", "errors.jsonl", "run.json", ".millrace-lock");
        assertThatExceptionOfType(OutputException.class)
                .isThrownBy(() -> RunOutput.open(out, Results.RUN, CLOCK))
                .withMessageEndingWith("run 0123456789abcdef is complete; there is nothing to write");
    }

    @Test
    void aResultThatComesAgainIsDroppedAndCounted() throws IOException {
        try (RunOutput output = RunOutput.open(temporary, Results.RUN, CLOCK)) {
            assertThat(output.add(Results.of(0))).isTrue();
            assertThat(output.add(Results.of(0))).isFalse();
            assertThat(output.ledger().totals().duplicates()).isEqualTo(1);
            assertThatIllegalStateException()
                    .isThrownBy(() -> output.complete(Results.FACTS, 3, Map.of()))
                    .withMessage("run 0123456789abcdef has 1 results for 3 jobs; missing: [1-2]");
        }
    }

    @Test
    void whatCameAfterTheLastCheckpointIsDroppedAndReadAgain() throws IOException {
        try (RunOutput output = RunOutput.open(temporary, Results.RUN, CLOCK)) {
            output.add(Results.of(3));
            output.checkpoint(Map.of(0, 4L, 5, 17L));
            output.add(Results.of(4));
        }
        try (RunOutput output = RunOutput.open(temporary, Results.RUN, CLOCK)) {
            assertThat(output.offsets()).isEqualTo(Map.of(0, 4L, 5, 17L));
            assertThat(output.ledger().contains(3)).isTrue();
            assertThat(output.ledger().contains(4)).isFalse();
            assertThat(temporary.resolve("results.jsonl.partial")).content().hasLineCount(1);
        }
    }

    @Test
    void aFolderServesOneProcessAtATime() throws IOException {
        try (RunOutput output = RunOutput.open(temporary, Results.RUN, CLOCK)) {
            assertThat(output.ledger().totals().jobs()).isZero();
            assertThatExceptionOfType(OutputException.class)
                    .isThrownBy(() -> RunOutput.open(temporary, Results.RUN, CLOCK))
                    .withMessageContaining("another millrace process writes here; wait for it, stop it, or choose");
        }
        RunOutput.open(temporary, Results.RUN, CLOCK).close();
    }

    @Test
    void aFolderOfAnotherRunIsRefusedWhetherCompleteOrNot() throws IOException {
        Path out = completeRun(10);
        assertOther(() -> RunOutput.open(out, "fedcba9876543210", CLOCK));
        assertOther(() -> RunOutput.completed(out, "fedcba9876543210"));
        Path unfinished = temporary.resolve("unfinished");
        RunOutput.open(unfinished, Results.RUN, CLOCK).close();
        assertOther(() -> RunOutput.open(unfinished, "fedcba9876543210", CLOCK));
    }

    private static void assertOther(org.assertj.core.api.ThrowableAssert.ThrowingCallable open) {
        assertThatExceptionOfType(OutputException.class)
                .isThrownBy(open)
                .withMessageContaining("holds run 0123456789abcdef, not fedcba9876543210; choose another folder by -o");
    }

    @Test
    void filesOfAnotherOriginAreNeverOverwritten() throws IOException {
        Path results = Files.writeString(temporary.resolve("results.jsonl"), "mine");

        assertThatExceptionOfType(OutputException.class)
                .isThrownBy(() -> RunOutput.open(temporary, Results.RUN, CLOCK))
                .withMessageContaining("results.jsonl: is there already and not of a run of Millrace's");
        assertThat(results).hasContent("mine");
        Path file = Files.writeString(temporary.resolve("file"), "");
        assertThatExceptionOfType(OutputException.class)
                .isThrownBy(() -> RunOutput.open(file, Results.RUN, CLOCK))
                .withMessageEndingWith("file: is a file; name a folder by -o");
    }

    @Test
    void aDamagedFolderIsRefusedWithARemedy() throws IOException {
        try (RunOutput output = RunOutput.open(temporary, Results.RUN, CLOCK)) {
            output.add(Results.of(0));
            output.checkpoint(Map.of());
        }
        Files.writeString(temporary.resolve("results.jsonl.partial"), "short");
        assertThatExceptionOfType(OutputException.class)
                .isThrownBy(() -> RunOutput.open(temporary, Results.RUN, CLOCK))
                .withMessageContaining("results.jsonl.partial: has 5 bytes where the checkpoint says");
        Files.writeString(temporary.resolve(".millrace-checkpoint.json"), "{\"v\":1");
        assertThatExceptionOfType(OutputException.class)
                .isThrownBy(() -> RunOutput.open(temporary, Results.RUN, CLOCK))
                .withMessageContaining(".millrace-checkpoint.json: is damaged");
        Files.writeString(temporary.resolve("run.json"), "[]");
        assertThatExceptionOfType(OutputException.class)
                .isThrownBy(() -> RunOutput.completed(temporary, Results.RUN))
                .withMessageContaining("run.json: is not a run's summary of Millrace");
    }

    private Path completeRun(int jobs) throws IOException {
        Path out = temporary.resolve("complete");
        try (RunOutput output = RunOutput.open(out, Results.RUN, CLOCK)) {
            for (int i = 0; i < jobs; i++) {
                output.add(Results.of(i));
            }
            output.complete(Results.FACTS, jobs, Map.of());
        }
        return out;
    }

    private static List<Long> indices(Path file) throws IOException {
        List<Long> indices = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String id = JSON.readTree(line).get("id").textValue();
            indices.add(Long.valueOf(id.substring(id.lastIndexOf('-') + 1)));
        }
        return indices;
    }
}
