package io.millrace.producer.export;

import static io.millrace.producer.dataset.Datasets.prompt;
import static io.millrace.producer.dataset.Datasets.request;
import static io.millrace.producer.dataset.Datasets.resource;
import static io.millrace.producer.dataset.Datasets.tasks;
import static io.millrace.producer.dataset.Datasets.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.jerolba.carpet.CarpetReader;
import io.millrace.job.Job;
import io.millrace.job.Message;
import io.millrace.producer.files.InputFormat;
import io.millrace.producer.plan.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From real files through a run into each format, and back by other readers. */
class RoundTripTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ODD = "Tab\t, \"quoted\", line\r\nends, \u00e9\u4e2d\ud83d\ude00, \u0000, {{x}}";

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"MESSAGES_PARQUET", "MESSAGES_JSONL"})
    void conversationsComeBackThroughDuckDb(Target target) throws IOException {
        Path run = FinishedRun.of(
                request(resource("multilingual-60.jsonl")), Optional.of("Be brief."), RoundTripTest::two, folder);

        Path data = export(run, target, "data");

        String files = "'" + data.resolve("data/train-00000-of-00001." + target.extension()) + "'";
        List<List<String>> rows = Duck.rows("SELECT messages[1].content, messages[2].content, messages[3].role,"
                + " messages[3].content, id, finish_reason, completion_tokens, model, metadata FROM " + files);
        List<Task> tasks = tasks(request(resource("multilingual-60.jsonl")), folder);
        assertThat(rows).hasSize(120);
        for (int i = 0; i < rows.size(); i++) {
            String text = tasks.get(i / 2).messages().get(0).content();
            assertThat(rows.get(i))
                    .containsExactly(
                            "Be brief.",
                            text,
                            "assistant",
                            ODD + text + i % 2,
                            "line-" + (i / 2 + 1) + "#" + i % 2,
                            "stop",
                            Integer.toString(ODD.length() + text.length() + 2),
                            "tiny-chatml-q8_0",
                            "{}");
        }
    }

    @Test
    void aSecondReaderOfParquetSeesTheSameRows() throws IOException {
        Path run = FinishedRun.of(
                request(resource("multilingual-60.jsonl")), Optional.empty(), RoundTripTest::two, folder);

        Path messages = export(run, Target.MESSAGES_PARQUET, "a").resolve("data/train-00000-of-00001.parquet");
        Path pairs = export(run, Target.PROMPT_COMPLETION_PARQUET, "b").resolve("data/train-00000-of-00001.parquet");

        List<String> fromDuck = Duck.column("SELECT messages[2].content FROM '" + messages + "'");
        List<String> chats = new ArrayList<>();
        for (Map<?, ?> row : parquet(messages)) {
            List<?> turns = (List<?>) row.get("messages");
            chats.add((String) ((Map<?, ?>) turns.get(1)).get("content"));
            assertThat(row.get("completion_tokens")).isInstanceOf(Long.class);
        }
        assertThat(chats).hasSize(120).isEqualTo(fromDuck);
        assertThat(parquet(pairs)).hasSize(120).first().satisfies(row -> {
            assertThat((List<?>) row.get("prompt")).hasSize(1);
            assertThat(((Map<?, ?>) ((List<?>) row.get("completion")).get(0)).get("role"))
                    .isEqualTo("assistant");
        });
    }

    @Test
    void gsm8kComesBackFromCsvWithItsColumns() throws IOException {
        Path run = FinishedRun.of(
                with(request(resource("gsm8k-40.jsonl")), prompt("question")),
                Optional.empty(),
                RoundTripTest::two,
                folder);

        Path csv = export(run, Target.CSV, "data").resolve("data/train-00000-of-00001.csv");

        List<List<String>> rows = Duck.rows("SELECT c.prompt, c.response, c.metadata->>'answer', q.question, q.answer"
                + " FROM read_csv('" + csv + "', all_varchar=true) c JOIN (SELECT *, 'line-' || row_number() OVER () id"
                + " FROM read_json('" + resource("gsm8k-40.jsonl") + "')) q ON c.id = q.id || '#1'");
        assertThat(rows).hasSize(40).allSatisfy(row -> {
            assertThat(row.get(0)).isEqualTo(row.get(3));
            assertThat(row.get(1)).isEqualTo(ODD + row.get(3) + "1");
            assertThat(row.get(2)).isEqualTo(row.get(4));
        });
    }

    @Test
    void shareGptComesBackAsTheSameChatsWithTheAnswersAsReference() throws IOException {
        Path source = resource("dummy_conversation-40.json");
        Path run = FinishedRun.of(
                request(source), Optional.empty(), job -> List.of("answer of " + job.customId()), folder);

        Path file = export(run, Target.SHAREGPT, "data").resolve("data/train-00000-of-00001.json");

        List<Task> before = tasks(request(source), folder);
        List<Task> after = tasks(request(file), folder);
        assertThat(after)
                .extracting(Task::messages)
                .isEqualTo(before.stream().map(Task::messages).toList());
        assertThat(after)
                .extracting(Task::customId)
                .isEqualTo(before.stream().map(Task::customId).toList());
        assertThat(after)
                .allSatisfy(task ->
                        assertThat(task.metadata()).isEqualTo("{\"reference\":\"answer of " + task.customId() + "\"}"));
        assertThat(Duck.column("SELECT count(*) FROM read_json('" + file + "') WHERE len(conversations) >= 2"))
                .containsExactly("40");
    }

    @Test
    void alpacaComesBackAsTheSameChats() throws IOException {
        Path source = resource("dummy_conversation-40.json");
        Path run = FinishedRun.of(request(source), Optional.of("Be brief."), job -> List.of("An answer."), folder);

        Path file = export(run, Target.ALPACA, "data").resolve("data/train-00000-of-00001.json");

        assertThat(tasks(request(file), folder))
                .extracting(task -> task.messages().subList(1, task.messages().size()))
                .isEqualTo(tasks(request(source), folder).stream()
                        .map(Task::messages)
                        .toList());
        assertThat(Duck.column("SELECT DISTINCT output || system FROM read_json('" + file + "')"))
                .containsExactly("An answer.Be brief.");
    }

    @Test
    void promptsOfMessageTreesComeBackAsTreesWithSyntheticReplies() throws IOException {
        Path run = FinishedRun.of(
                with(request(resource("en_100_tree.jsonl.zst")), InputFormat.OASST_PROMPTS),
                Optional.empty(),
                job -> List.of("one", "two", "one"),
                folder);

        Path file = export(run, Target.OASST_TREE, "data").resolve("data/train-00000-of-00001.jsonl");

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(100);
        JsonNode tree = JSON.readTree(lines.get(0));
        JsonNode root = tree.get("prompt");
        assertThat(tree.get("message_tree_id")).isEqualTo(root.get("message_id"));
        assertThat(root.get("text").textValue()).isEqualTo("How can I find the best 401k plan for my needs?");
        assertThat(root.get("replies")).hasSize(2).allSatisfy(reply -> {
            assertThat(reply.get("parent_id")).isEqualTo(root.get("message_id"));
            assertThat(reply.get("synthetic").booleanValue()).isTrue();
            assertThat(reply.get("role").textValue()).isEqualTo("assistant");
            assertThat(reply.get("model_name").textValue())
                    .isEqualTo("tiny-chatml-q8_0,temperature=0.8,top_k=40,top_p=0.95,min_p=0.05,"
                            + "repeat_penalty=1.0,max_tokens=256");
        });
        assertThat(tree.get("tree_state").textValue()).isEqualTo("ranking");
    }

    @Test
    void threadsOfTreesKeepTheirTurnsOneBelowTheOther() throws IOException {
        Path run = FinishedRun.of(
                request(resource("en_100_tree.jsonl.zst")), Optional.of("S"), job -> List.of("reply"), folder);

        Path file = export(run, Target.OASST_TREE, "data").resolve("data/train-00000-of-00001.jsonl");

        List<Task> threads = tasks(request(resource("en_100_tree.jsonl.zst")), folder);
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(538);
        for (int i = 0; i < lines.size(); i++) {
            JsonNode node = JSON.readTree(lines.get(i)).get("prompt");
            for (Message message : threads.get(i).messages()) {
                assertThat(node.get("text").textValue()).isEqualTo(message.content());
                node = node.get("replies").get(0);
            }
            assertThat(node.get("text").textValue()).isEqualTo("reply");
        }
    }

    @Test
    void humanEvalGetsASampleFileWithItsTaskIds() throws IOException {
        Path run = FinishedRun.of(
                request(resource("HumanEval.jsonl.gz")), Optional.empty(), RoundTripTest::canonical, folder);

        Path samples = export(run, Target.HUMANEVAL, "data").resolve("samples.jsonl");

        assertThat(Duck.column("SELECT count(*) FROM read_json('" + samples + "') s JOIN read_json('"
                        + resource("HumanEval.jsonl.gz")
                        + "') h ON s.task_id = h.task_id AND s.completion = h.canonical_solution"))
                .containsExactly("164");
        assertThat(folder.resolve("data/README.md")).doesNotExist();
    }

    @Test
    void ifEvalGetsResponsesBesideTheirPrompts() throws IOException {
        Path run = FinishedRun.of(request(resource("en_10_text.jsonl")), Optional.of("S"), job -> List.of("r"), folder);

        Path file = export(run, Target.IFEVAL, "data").resolve("responses.jsonl");

        assertThat(Duck.column("SELECT prompt FROM read_json('" + file + "') WHERE response = 'r'"))
                .isEqualTo(tasks(request(resource("en_10_text.jsonl")), folder).stream()
                        .map(task -> task.messages().get(0).content())
                        .toList());
    }

    @Test
    void openAiLinesAreTheRunsOwn() throws IOException {
        Path run = FinishedRun.of(
                with(request(resource("gsm8k-40.jsonl")), prompt("question")),
                Optional.empty(),
                RoundTripTest::two,
                folder);

        Path file = export(run, Target.OPENAI, "data").resolve("data/train-00000-of-00001.jsonl");

        List<String> own = Files.readAllLines(run.resolve("results.jsonl"));
        List<String> exported = Files.readAllLines(file);
        assertThat(exported).hasSize(40);
        for (int i = 0; i < own.size(); i++) {
            assertThat(JSON.readTree(exported.get(i))).isEqualTo(JSON.readTree(own.get(i)));
        }
        assertThat(Duck.column("SELECT sum(len(response.body.choices)) FROM read_json('" + file + "')"))
                .containsExactly("80");
    }

    @Test
    void plainTextsAreEndedByALineOfTheirOwn() throws IOException {
        Path run = FinishedRun.of(
                request(resource("en_10_text.jsonl")), Optional.empty(), job -> List.of("a\nb", "c"), folder);

        String text = Files.readString(export(run, Target.TEXT, "data").resolve("data/train-00000-of-00001.txt"));

        assertThat(text).isEqualTo("a\nb\n<|endoftext|>\nc\n<|endoftext|>\n".repeat(10));
    }

    private Path export(Path run, Target target, String name) throws IOException {
        Path data = folder.resolve(name);
        Export.write(run, data, FinishedRun.to(target));
        return data;
    }

    private static List<Map<?, ?>> parquet(Path file) throws IOException {
        List<Map<?, ?>> rows = new ArrayList<>();
        new CarpetReader<>(file.toFile(), Map.class).forEach(rows::add);
        return rows;
    }

    private static List<String> two(Job job) {
        String text = job.messages().get(job.messages().size() - 1).content();
        return List.of(ODD + text + "0", ODD + text + "1");
    }

    private static List<String> canonical(Job job) {
        try {
            return List.of(
                    JSON.readTree(job.metadata()).get("canonical_solution").textValue());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
