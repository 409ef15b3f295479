package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.producer.pretokenize.ChatTokens;
import io.millrace.producer.pretokenize.Dialogue;
import io.millrace.producer.pretokenize.Role;
import io.millrace.producer.pretokenize.SpecialTokens;
import io.millrace.producer.pretokenize.Tokenizer;
import io.millrace.producer.pretokenize.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretokenizeCommandTest {
    private static final Path VECTORS = Path.of("..", "worker", "src", "test", "resources", "llama");
    private static final String[] CARD = {
        "pretokenize",
        "--config-file",
        "../examples/pretokenize.yaml",
        "--configs",
        "orca_megacode_oasst_best",
        "--data-path",
        "../examples/pretokenize"
    };

    @TempDir
    Path folder;

    /** Llama's vocabulary with the 16 pieces that CodeLlama has more, so that added tokens get the reference's ids. */
    private record CodeLlama(VocabularyFile llama) implements Tokenizer {
        @Override
        public int size() {
            return llama.size() + 16;
        }

        @Override
        public OptionalInt special(String name) {
            return llama.special(name);
        }

        @Override
        public int[] encode(String text) {
            return llama.encode(text);
        }
    }

    @Test
    void tokenIdsAreThoseOfTheReferencesTokenizer() throws IOException {
        JsonNode cases = new ObjectMapper()
                .readTree(VECTORS.resolve("chatml_token_vectors.json").toFile())
                .get("cases");
        try (VocabularyFile llama = VocabularyFile.open(VECTORS.resolve("ggml-vocab-llama-spm.gguf"))) {
            Tokenizer codeLlama = new CodeLlama(llama);
            SpecialTokens special = SpecialTokens.of(codeLlama, List.of("<|im_start|>", "<|im_end|>"));
            ChatTokens chats = new ChatTokens(codeLlama, special);

            assertThat(special.ids()).containsEntry("<|im_start|>", 32021).containsEntry("<|im_end|>", 32022);
            assertThat(special.vocabularySize()).isEqualTo(32023);
            assertThat(cases.size()).isEqualTo(4);
            cases.properties().forEach(named -> {
                String text = named.getValue().get("text").asText();
                int[] expected = IntStream.range(0, named.getValue().get("ids").size())
                        .map(i -> named.getValue().get("ids").get(i).asInt())
                        .toArray();
                assertThat(chats.encodeJoined(text)).as(named.getKey()).isEqualTo(expected);
                Dialogue closed = closedTurns(text);
                if (text.startsWith(ChatTokens.text(closed))) {
                    int[] ids = chats.encode(closed).ids();
                    assertThat(ids).as(named.getKey()).isEqualTo(Arrays.copyOf(expected, ids.length));
                }
            });
        }
    }

    /** The turns of a ChatML text that end. */
    private static Dialogue closedTurns(String text) {
        List<Turn> turns = new ArrayList<>();
        for (String part : text.split("<\\|im_start\\|>", -1)) {
            int end = part.indexOf("<|im_end|>");
            if (end >= 0) {
                int line = part.indexOf('\n');
                turns.add(new Turn(
                        Role.valueOf(part.substring(0, line).toUpperCase(Locale.ROOT)), part.substring(line + 1, end)));
            }
        }
        return new Dialogue(turns);
    }

    @Test
    void theCardsSectionGivesTheSameBytesWhateverTheThreads() throws IOException {
        CommandLineRun one = run("--output-dir", out("one"), "--write-json", "--compress", "--threads", "1");
        CommandLineRun three = run("--output_dir", out("three"), "--write_json", "--threads", "3");

        assertThat(one.status()).as(one.output()).isZero();
        assertThat(three.status()).as(three.output()).isZero();
        assertThat(one.output())
                .contains("split: train\naccepted: 299\n", "split: val\naccepted: 3\n")
                .contains("dataset orca-chat: accepted 119, skipped 0, tokens ");
        assertThat(names("one"))
                .containsExactly(
                        "orca_megacode_oasst-train-role.bin",
                        "orca_megacode_oasst-train-role.idx",
                        "orca_megacode_oasst-train-text.bin",
                        "orca_megacode_oasst-train-text.idx",
                        "orca_megacode_oasst-train.jsonl",
                        "orca_megacode_oasst-train_stats.txt",
                        "orca_megacode_oasst-val-role.bin",
                        "orca_megacode_oasst-val-role.idx",
                        "orca_megacode_oasst-val-text.bin",
                        "orca_megacode_oasst-val-text.idx",
                        "orca_megacode_oasst-val.jsonl",
                        "orca_megacode_oasst-val_stats.txt",
                        "special_tokens.json");
        for (String name : names("one")) {
            assertThat(folder.resolve("three").resolve(name))
                    .hasSameBinaryContentAs(folder.resolve("one").resolve(name));
        }
        assertThat(folder.resolve("one.tar.gz")).isNotEmptyFile();
    }

    @Test
    void keysOfTheConfigurationAreOptions() throws IOException {
        CommandLineRun run = run(
                "--output-dir",
                out("few"),
                "--max-count",
                "2",
                "--min_assistant_tokens=100000",
                "--filename-prefix",
                "p");

        assertThat(run.status()).as(run.output()).isZero();
        assertThat(run.output()).contains("accepted: 0\nskipped: 6\n");
        assertThat(names("few")).contains("p-train-text.idx");
    }

    @Test
    void mistakesAreOneLineWithARemedy() {
        assertMistake("there is no such section", "--configs", "nothing");
        assertThat(run("--vocab-fil", "x").output()).contains("Unknown options: '--vocab-fil', 'x'");
        assertMistake(
                "a SentencePiece model is not read",
                runWith("../examples/pretokenize.yaml", "--output-dir", out("no")));
        assertMistake("there is no dataset c4", "--datasets", "[c4]");
        assertMistake("has no file; name yours by input_file_path", "--datasets", "[megacode]");
    }

    private void assertMistake(String message, String... more) {
        assertMistake(
                message,
                run(Stream.concat(Stream.of("--output-dir", out("no")), Stream.of(more))
                        .toArray(String[]::new)));
    }

    private static void assertMistake(String message, CommandLineRun run) {
        assertThat(run.status()).as(run.output()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.output()).startsWith("millrace: ").contains(message).doesNotContain("\tat ");
    }

    private static CommandLineRun run(String... more) {
        return runWith("../models/tiny-chatml-q8_0.gguf", more);
    }

    private static CommandLineRun runWith(String vocabulary, String... more) {
        return CommandLineRun.of(Stream.of(CARD, new String[] {"--vocab-file", vocabulary}, more)
                .flatMap(Arrays::stream)
                .toArray(String[]::new));
    }

    private String out(String name) {
        return folder.resolve(name).toString();
    }

    private List<String> names(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(name))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
