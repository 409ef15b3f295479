package io.millrace.producer.export;

import static io.millrace.producer.dataset.Datasets.request;
import static io.millrace.producer.dataset.Datasets.resource;
import static io.millrace.producer.export.FinishedRun.to;
import static io.millrace.producer.export.FinishedRun.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.producer.export.ExportOptions.FilterOptions;
import io.millrace.producer.files.InputException;
import io.millrace.producer.files.OutputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Splits, shards, filters, cards and refusals of an export. */
class ExportTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"MESSAGES_PARQUET", "MESSAGES_JSONL", "SHAREGPT", "CSV", "OASST_TREE"})
    void theSameRunAndOptionsGiveTheSameBytes(Target target) throws IOException {
        Path run = run("one", "two");

        Export.write(run, folder.resolve("a"), with(target, FilterOptions.NONE, 0.2, 50));
        Export.write(run, folder.resolve("b"), with(target, FilterOptions.NONE, 0.2, 50));

        Map<String, byte[]> first = content(folder.resolve("a"));
        Map<String, byte[]> second = content(folder.resolve("b"));
        assertThat(first.keySet()).isEqualTo(second.keySet()).contains("README.md");
        first.forEach((name, bytes) -> assertThat(second.get(name)).as(name).isEqualTo(bytes));
    }

    @Test
    void theSamplesOfARowStayInOneSplitAndShardsAreNumbered() throws IOException {
        Path run = run("one", "two", "three");
        Path data = folder.resolve("data");

        ExportReport report = Export.write(run, data, with(Target.MESSAGES_PARQUET, FilterOptions.NONE, 0.25, 50));

        List<String> train = Duck.column("SELECT id FROM '" + data + "/data/train-*.parquet'");
        List<String> validation = Duck.column("SELECT id FROM '" + data + "/data/validation-*.parquet'");
        assertThat(train.size() + validation.size()).isEqualTo(180);
        assertThat(validation.size()).isBetween(15, 75);
        Set<String> rows =
                new HashSet<>(train.stream().map(id -> id.split("#")[0]).toList());
        assertThat(validation).noneMatch(id -> rows.contains(id.split("#")[0]));
        int shards = (train.size() + 49) / 50;
        assertThat(report.files()).contains(String.format("data/train-%05d-of-%05d.parquet", shards - 1, shards));
        assertThat(Duck.column("SELECT DISTINCT compression FROM parquet_metadata('" + data + "/data/*.parquet')"))
                .containsExactly("ZSTD");
    }

    @Test
    void rowsOfOneTreeStayInOneSplit() throws IOException {
        Path run = FinishedRun.of(
                request(resource("en_100_tree.jsonl.zst")), Optional.empty(), job -> List.of("a"), folder);
        ExportOptions options = new ExportOptions(
                Target.MESSAGES_JSONL,
                0.3,
                Optional.of("message_tree_id"),
                1000,
                Optional.empty(),
                FilterOptions.NONE,
                Optional.empty(),
                List.of("en"));

        Export.write(run, folder.resolve("data"), options);

        assertThat(Duck.column(
                        "SELECT count(*) FROM (SELECT metadata->>'message_tree_id' t, count(DISTINCT filename) n FROM"
                                + " read_json('" + folder
                                + "/data/data/*.jsonl', filename=true) GROUP BY 1) WHERE n > 1"))
                .containsExactly("0");
        assertThat(Duck.column("SELECT count(DISTINCT filename) FROM read_json('" + folder
                        + "/data/data/*.jsonl', filename=true)"))
                .containsExactly("2");
    }

    @Test
    void filtersCountWhatTheyRemove() throws IOException {
        Path run = run(
                "cut off\u2026",
                "I'm sorry, but I cannot help with that.",
                "x",
                "The answer is yes.",
                "The answer is yes.",
                "The answer is no secret.");
        FilterOptions filters = new FilterOptions(
                Set.of("stop"),
                OptionalLong.of(2),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.of(1000),
                Optional.of(Pattern.compile("answer|sorry")),
                Optional.of(Pattern.compile("secret")),
                true,
                true,
                OptionalDouble.empty());

        ExportReport report = Export.write(run, folder.resolve("data"), with(Target.CSV, filters, 0, 1000));

        assertThat(report.samples()).isEqualTo(360);
        assertThat(report.rows()).isEqualTo(60);
        assertThat(report.removed().toString())
                .isEqualTo("{finish_reason=60, length=60, tokens=0, keep_regex=0, drop_regex=60, refusal=60,"
                        + " exact_duplicate=60}");
        assertThat(Files.readString(folder.resolve("data/README.md"))).contains("| removed by refusal | 60 |");
    }

    @Test
    void theCardHasAHeaderAndSaysWhereTheDataComesFrom() throws IOException {
        Path data = folder.resolve("data");

        Path run = run("one");
        Export.write(run, data, with(Target.MESSAGES_PARQUET, FilterOptions.NONE, 0.2, 1000));
        Export.write(run, folder.resolve("text"), to(Target.TEXT));

        String card = Files.readString(data.resolve("README.md"));
        assertThat(card)
                .startsWith("---\nlicense: apache-2.0\npretty_name: \"Outputs of tiny-chatml-q8_0\"\n")
                .contains("size_categories:\n- n<1K\n", "tags:\n- synthetic\n- millrace\n")
                .contains("configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/train-*\n"
                        + "  - split: validation\n    path: data/validation-*\n")
                .contains("  features:\n  - name: messages\n    list:\n    - name: role\n      dtype: string\n"
                        + "    - name: content\n      dtype: string\n  - name: id\n    dtype: string\n")
                .contains("| model_sha256 | " + "ab".repeat(32) + " |", "| temperature | 0.8 |", "| seed | 7 |")
                .contains("| characters of an answer, least, mean, most | 3, 3.0, 3 |");
        assertThat(Files.readString(folder.resolve("text/README.md")))
                .contains("    path: data/train-*\n---\n")
                .doesNotContain("num_examples");
        assertThat(License.of("codellama-13b-oasst-sft-v10.Q4_K_M", Optional.empty())
                        .id())
                .isEqualTo("llama2");
        assertThat(License.of("some-model", Optional.empty()).note()).contains("is not known to Millrace");
    }

    @Test
    void thePairOfAJobIsItsBestAndItsWorstSample() throws IOException {
        Path scores = Files.writeString(
                folder.resolve("scores.jsonl"),
                "{\"custom_id\": \"line-1\", \"index\": 0, \"score\": 0.5}\n"
                        + "{\"custom_id\": \"line-1\", \"index\": 2, \"score\": -1}\n"
                        + "{\"custom_id\": \"line-1\", \"index\": 1, \"score\": 3}\n"
                        + "{\"custom_id\": \"line-2\", \"index\": 0, \"score\": 1}\n"
                        + "{\"custom_id\": \"line-2\", \"index\": 1, \"score\": 1}\n"
                        + "{\"custom_id\": \"line-3\", \"index\": 0, \"score\": 1}\n");
        ExportOptions options = new ExportOptions(
                Target.PREFERENCE_PARQUET,
                0,
                Optional.empty(),
                1000,
                Optional.of(new ScoreFile(scores, Optional.empty())),
                FilterOptions.NONE,
                Optional.empty(),
                List.of());

        Export.write(run("zero", "one", "two"), folder.resolve("data"), options);

        assertThat(Duck.rows("SELECT id, chosen[1].content, rejected[1].content, score_chosen, score_rejected,"
                        + " prompt[1].role FROM '" + folder + "/data/data/*.parquet'"))
                .containsExactly(List.of("line-1", "one", "two", "3.0", "-1.0", "user"));
    }

    @Test
    void aRunsOwnScoresCountAfterTheScorerThatIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("scores.jsonl"), """
                {"custom_id":"a","task":"a","point":"","sample":0,"scorer":"number","score":1.0,"detail":""}
                {"custom_id":"a","task":"a","point":"","sample":0,"scorer":"exact","score":0.0,"detail":""}
                {"custom_id":"a","task":"a","point":"","sample":1,"scorer":"number","score":0.5,"detail":""}
                """);

        Scores scores = Scores.read(new ScoreFile(file, Optional.of("number")));

        assertThat(scores.of("a", 0)).isEqualTo(1);
        assertThat(scores.of("a", 1)).isEqualTo(0.5);
        assertThat(scores.of("a", 2)).isNaN();
        assertThatExceptionOfType(InputException.class)
                .isThrownBy(() -> Scores.read(new ScoreFile(file, Optional.empty())))
                .withMessageEndingWith("scores.jsonl: has scores by exact, number; name one by --scorer");
        assertThatExceptionOfType(InputException.class)
                .isThrownBy(() -> Scores.read(new ScoreFile(file, Optional.of("code"))))
                .withMessageEndingWith(
                        "scores.jsonl: has no scores by code, but by exact, number; name one by --scorer");
    }

    @Test
    void nearDuplicatesAreFoundAndOthersAreKept() {
        NearDuplicates filter = new NearDuplicates(0.8);
        String[] words = new String[200];
        Random random = new Random(3);
        for (int i = 0; i < words.length; i++) {
            words[i] = "w" + random.nextInt(5000);
        }
        String text = String.join(" ", words);
        words[150] = "other";
        String near = String.join(" ", words);

        assertThat(filter.keeps(row(), sample(text))).isTrue();
        assertThat(filter.keeps(row(), sample(near.toUpperCase(Locale.ROOT) + "!")))
                .isFalse();
        int kept = 0;
        for (int i = 0; i < 2000; i++) {
            StringBuilder other = new StringBuilder();
            for (int j = 0; j < 30; j++) {
                other.append("w").append(random.nextInt(5000)).append(' ');
            }
            kept += filter.keeps(row(), sample(other.toString())) ? 1 : 0;
        }
        assertThat(kept).isEqualTo(2000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I'm sorry, but I can't help with that.",
                "I\u2019m sorry.",
                "I cannot provide instructions for that",
                "As an AI language model, I do not",
                "I am unable to assist",
                "  Sorry, no."
            })
    void refusalsAreTold(String text) {
        assertThat(TextFilters.refuses(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sure! I'm sorry to hear that.",
                "I can help.",
                "I cannot recommend this book enough.",
                "Assorted",
                "2"
            })
    void answersAreNoRefusals(String text) {
        assertThat(TextFilters.refuses(text)).isFalse();
    }

    @Test
    void whatCannotBeExportedIsNamedWithARemedy() throws IOException {
        Path run = run("one");
        Path full = Files.createDirectories(folder.resolve("full"));
        Files.writeString(full.resolve("x"), "x");
        Path noPrompts = folder.resolve("no-prompts");
        Files.createDirectories(noPrompts);
        Files.copy(run.resolve("run.json"), noPrompts.resolve("run.json"));
        Files.copy(run.resolve("results.jsonl"), noPrompts.resolve("results.jsonl"));
        FilterOptions all = new FilterOptions(
                Set.of("length"),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                OptionalDouble.empty());

        assertThat(refusal(folder.resolve("none"), to(Target.CSV)))
                .endsWith("none: no such folder; name that of a run");
        assertThat(refusal(full, to(Target.CSV))).contains("full: holds no run.json, so no complete run;");
        assertThat(refusal(noPrompts, to(Target.CSV)))
                .contains("no-prompts: holds no prompts.jsonl.zst, which --to csv");
        assertThat(refusal(run, with(Target.CSV, all, 0, 10))).contains("no row is left of 60 samples", "loosen");
        assertThatExceptionOfType(OutputException.class)
                .isThrownBy(() -> Export.write(run, full, to(Target.CSV)))
                .withMessageEndingWith("full: is not empty; remove it, or name another folder by -o");
        assertThatExceptionOfType(OutputException.class)
                .isThrownBy(() -> Target.of("jsonl"))
                .withMessageStartingWith(
                        "--to jsonl: is no format; there are openai, messages-jsonl, messages-parquet,");
        assertThatExceptionOfType(OutputException.class)
                .isThrownBy(() -> to(Target.PREFERENCE_JSONL))
                .withMessageStartingWith("--to preference-jsonl needs --scores FILE");
        assertThatExceptionOfType(OutputException.class)
                .isThrownBy(() -> with(Target.CSV, FilterOptions.NONE, 1, 10))
                .withMessage("--validation must be from 0 to below 1, not 1.0");
        assertThatExceptionOfType(OutputException.class)
                .isThrownBy(() -> with(Target.HUMANEVAL, FilterOptions.NONE, 0.1, 10))
                .withMessage("--to humaneval writes one file for an evaluator; leave --validation out");
        Path scores = Files.writeString(
                folder.resolve("scores.jsonl"), "{\"custom_id\": \"a\", \"index\": -1, \"score\": 1}");
        assertThatExceptionOfType(InputException.class)
                .isThrownBy(() -> Scores.read(new ScoreFile(scores, Optional.empty())))
                .withMessageEndingWith("scores.jsonl:1: index: must be a sample's index from 0 to 1023, not -1");
    }

    private String refusal(Path run, ExportOptions options) throws IOException {
        try {
            Export.write(run, folder.resolve("refused"), options);
        } catch (OutputException e) {
            return e.getMessage();
        }
        throw new AssertionError("not refused");
    }

    private Path run(String... answers) throws IOException {
        return FinishedRun.of(
                request(resource("multilingual-60.jsonl")), Optional.empty(), job -> List.of(answers), folder);
    }

    private static ExportRow row() {
        return new ExportRow(0, "a", List.of(), List.of(), "m", Rows.NODES.missingNode(), Rows.NODES.missingNode());
    }

    private static Completion sample(String text) {
        return new Completion(0, text, "stop", 1);
    }

    private static Map<String, byte[]> content(Path folder) throws IOException {
        Map<String, byte[]> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                content.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return content;
    }
}
