package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that look at the engine, and options that are checked before a run. */
class EngineCommandsTest {
    private static final String MODEL = "../models/tiny-chatml-q8_0.gguf";

    @TempDir
    Path folder;

    @Test
    void theDoctorFindsThisMachineWell() {
        CommandLineRun run = CommandLineRun.of("doctor", "--model", MODEL);

        assertThat(run.status()).as(run.output()).isZero();
        assertThat(run.output())
                .contains("OK    java")
                .contains("OK    llama.cpp  llama.cpp 0.5.0")
                .contains("tiny-chatml-q8_0.gguf: llama Q8_0, 0.01 GiB, context 1024, KV cache 8.0 KiB a token");
    }

    @Test
    void theDoctorSaysWhatToDoAboutAFileThatIsNoModel() throws IOException {
        Path text = Files.writeString(folder.resolve("x.gguf"), "text");
        CommandLineRun run = CommandLineRun.of("doctor", "--model", text.toString());

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.output()).contains("FAIL  model").contains("is not GGUF").contains("-> see docs/models.md");
    }

    @Test
    void theBenchPrintsATableOrJson() {
        String[] small = {
            "bench",
            "--model",
            MODEL,
            "--slots=4",
            "--slot-tokens=256",
            "--jobs=6",
            "--prompt-tokens=8-16",
            "--max-tokens=8"
        };
        CommandLineRun table = CommandLineRun.of(small);
        assertThat(table.status()).as(table.output()).isZero();
        assertThat(table.output()).contains("decode ceiling tokens per s").contains("completion tokens            48");

        String[] asJson = Arrays.copyOf(small, small.length + 1);
        asJson[small.length] = "--json";
        assertThat(CommandLineRun.of(asJson).output())
                .contains("\"completion_tokens\" : 48")
                .contains("\"step_ms_p99\"");
    }

    @Test
    void aMixThatDoesNotFitIsRefused() {
        CommandLineRun run =
                CommandLineRun.of("bench", "--model", MODEL, "--slots=2", "--slot-tokens=256", "--prompt-tokens=300");

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.output())
                .contains("take up to 428 tokens, a slot has 256")
                .doesNotContain("Exception");
    }

    @Test
    void aSchemaThatAnswersCannotBeHeldToIsRefusedBeforeAnythingStarts() throws IOException {
        Path prompts = Files.writeString(folder.resolve("p.jsonl"), "\"hi\"\n");
        Path schema =
                Files.writeString(folder.resolve("s.json"), "{\"type\":\"array\",\"items\":{},\"uniqueItems\":true}");
        CommandLineRun run = CommandLineRun.of(
                "run",
                "--local",
                "--model",
                MODEL,
                "-i",
                prompts.toString(),
                "-o",
                folder.resolve("out").toString(),
                "--json-schema",
                schema.toString());

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.output()).contains("--json-schema: answers cannot be held to uniqueItems at #; take it out");

        Path batch = Files.writeString(
                folder.resolve("b.jsonl"),
                "{\"body\":{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"response_format\":{\"type\":\"json_schema\","
                        + "\"json_schema\":{\"schema\":{\"type\":\"nope\"}}}}}\n");
        CommandLineRun line = CommandLineRun.of(
                "run",
                "--local",
                "--model",
                MODEL,
                "-i",
                batch.toString(),
                "-o",
                folder.resolve("out").toString());
        assertThat(line.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(line.output()).contains("b.jsonl:1: response_format: ").contains("nope");
    }

    @Test
    void aGrammarFileIsCheckedWithItsPlace() throws IOException {
        Path prompts = Files.writeString(folder.resolve("p.jsonl"), "\"hi\"\n");
        Path grammar = Files.writeString(folder.resolve("g.gbnf"), "root ::= word\nwort ::= [a-z]+\n");
        CommandLineRun run = CommandLineRun.of(
                "run",
                "--local",
                "--model",
                MODEL,
                "-i",
                prompts.toString(),
                "-o",
                folder.resolve("out").toString(),
                "--grammar-file",
                grammar.toString());

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.output()).contains("g.gbnf is wrong at line 1, column 10: it uses the rule word");
    }
}
