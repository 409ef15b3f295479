package io.millrace.producer.dataset;

import static io.millrace.producer.dataset.Datasets.check;
import static io.millrace.producer.dataset.Datasets.drawing;
import static io.millrace.producer.dataset.Datasets.duck;
import static io.millrace.producer.dataset.Datasets.request;
import static io.millrace.producer.dataset.Datasets.resource;
import static io.millrace.producer.dataset.Datasets.selecting;
import static io.millrace.producer.dataset.Datasets.tasks;
import static io.millrace.producer.dataset.Datasets.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.job.Message;
import io.millrace.producer.files.CheckedInput;
import io.millrace.producer.files.InputFormat;
import io.millrace.producer.files.TaskCursor;
import io.millrace.producer.plan.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of every format as tasks. */
class SnapshotTest {

    @TempDir
    Path folder;

    @Test
    void aFileOfLinesStaysTheUsersOwn() throws IOException {
        CheckedInput input = check(request(resource("multilingual-60.jsonl")), folder);

        assertThat(input.tasks()).isEqualTo(60);
        assertThat(Files.list(folder)).isEmpty();
    }

    @Test
    void packedLinesWithATemplateGiveTheSameTextWithEveryColumnKept() throws IOException {
        List<Task> tasks = tasks(
                with(
                        request(resource("HumanEval.jsonl.gz")),
                        Datasets.template("Complete {{ entry_point }}:\n{{prompt}}")),
                folder);

        assertThat(tasks).hasSize(164);
        assertThat(tasks.get(0).customId()).isEqualTo("line-1");
        assertThat(content(tasks.get(0))).startsWith("Complete has_close_elements:\nfrom typing import List\n");
        assertThat(tasks.get(0).metadata()).contains("\"task_id\":\"HumanEval/0\"", "\"canonical_solution\":");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rows.parquet",
                "rows.csv",
                "rows.tsv",
                "rows.csv.gz",
                "rows.csv.zst",
                "rows.json",
                "rows.json.gz"
            })
    void aTableGivesTheRowsThatItsLinesGive(String name) throws IOException {
        Path table = folder.resolve(name);
        String options =
                name.contains("json") ? "FORMAT json, ARRAY true" : name.contains("tsv") ? "DELIMITER '\t'" : "";
        String packed = name.endsWith(".gz") ? "COMPRESSION gzip" : name.endsWith(".zst") ? "COMPRESSION zstd" : "";
        String all =
                List.of(options, packed).stream().filter(s -> !s.isEmpty()).reduce("HEADER", (a, b) -> a + ", " + b);
        all = name.contains("json") ? all.replace("HEADER, ", "") : all;
        duck("COPY (SELECT * FROM read_json('" + resource("gsm8k-40.jsonl") + "')) TO '" + table + "'"
                + (name.endsWith("parquet") ? "" : " (" + all + ")"));

        List<Task> fromTable = tasks(with(request(table), Datasets.prompt("question")), folder);
        List<Task> fromLines = tasks(with(request(resource("gsm8k-40.jsonl")), Datasets.prompt("question")), folder);

        assertThat(fromTable)
                .extracting(Task::messages)
                .isEqualTo(fromLines.stream().map(Task::messages).toList());
        assertThat(fromTable)
                .extracting(Task::customId)
                .startsWith("row-1", "row-2")
                .doesNotHaveDuplicates();
        assertThat(fromTable.get(0).metadata())
                .startsWith("{\"answer\":\"Janet sells 16")
                .contains("#### 18");
    }

    @Test
    void valuesOfATableKeepTheirTypesInTheMetadata() throws IOException {
        Path table = folder.resolve("t.parquet");
        duck(
                "COPY (SELECT 7 id, 'Hi' prompt, 1.50::DECIMAL(5,2) d, 'nan'::DOUBLE f, [1,2] l, {'a': NULL} s, DATE '2026-01-02' t,"
                        + " true b) TO '" + table + "'");

        Task task = tasks(request(table), folder).get(0);

        assertThat(task.customId()).isEqualTo("7");
        assertThat(task.metadata())
                .isEqualTo("{\"d\":1.5,\"f\":null,\"l\":[1,2],\"s\":{\"a\":null},\"t\":\"2026-01-02\",\"b\":true}");
    }

    @Test
    void aMessagesColumnMayBeAListOfStructsOrJsonInAText() throws IOException {
        Path table = folder.resolve("m.parquet");
        duck("COPY (SELECT [{'role': 'system', 'content': 'Be brief.'}, {'role': 'user', 'content': 'Hi'}] messages,"
                + " '[{\"role\": \"user\",\n \"content\": \"Ho\"}]' chat) TO '" + table + "'");
        Columns chat = new Columns(
                java.util.Optional.empty(),
                java.util.Optional.of("chat"),
                java.util.Optional.empty(),
                java.util.Optional.empty(),
                java.util.OptionalInt.empty(),
                "en");

        assertThat(tasks(request(table), folder).get(0).messages())
                .containsExactly(new Message("system", "Be brief."), new Message("user", "Hi"));
        assertThat(tasks(with(request(table), chat), folder).get(0).messages())
                .containsExactly(new Message("user", "Ho"));
    }

    @Test
    void sqlFiltersAndJoinsTheRowsOfAllFiles() throws IOException {
        Path scores = Files.writeString(folder.resolve("scores.csv"), "id,score\nadd-0,0.5\nsub-1,0.9\n");
        DatasetRequest request = selecting(
                request(resource("tasks-12.jsonl")),
                "SELECT t.*, s.score::DOUBLE AS score FROM input t JOIN read_csv('" + scores
                        + "') s ON s.id = t.id WHERE s.score > 0.6;");

        List<Task> tasks = tasks(request, folder);

        assertThat(tasks).extracting(Task::customId).containsExactly("sub-1");
        assertThat(tasks.get(0).metadata()).contains("\"score\":0.9", "\"task\":\"sub\"");
    }

    @Test
    void globsAndSeveralFilesComeInOrderWithNumbersOverAll() throws IOException {
        Files.writeString(folder.resolve("b-2.jsonl"), "{\"prompt\": \"three\"}\n");
        Files.writeString(folder.resolve("b-1.jsonl"), "\"one\"\n\n\"two\"\n");
        Path csv = Files.writeString(folder.resolve("c.csv"), "\ufeffprompt,n\r\n\"fo\"\"ur\",007\r\n");
        Path work = folder.resolve("work");

        List<Task> tasks = tasks(request(folder.resolve("b-*.jsonl"), csv), work);

        assertThat(tasks).extracting(SnapshotTest::content).containsExactly("one", "two", "three", "fo\"ur");
        assertThat(tasks).extracting(Task::customId).containsExactly("row-1", "row-3", "row-4", "row-5");
        assertThat(tasks.get(3).metadata()).isEqualTo("{\"n\":\"007\"}");
    }

    @Test
    void aDatasetFolderGivesItsTrainSplitOrTheOneAskedFor() throws IOException {
        Path set = folder.resolve("set");
        Files.createDirectories(set.resolve("data"));
        for (String split : List.of("train-00000-of-00002", "train-00001-of-00002", "test-00000-of-00001")) {
            duck("COPY (SELECT '" + split + "' prompt) TO '" + set.resolve("data/" + split + ".parquet") + "'");
        }
        Files.writeString(set.resolve("README.md"), "---\n");
        DatasetRequest train = request(set);
        DatasetRequest test = new DatasetRequest(
                train.inputs(),
                java.util.Optional.of("test"),
                train.select(),
                train.format(),
                train.columns(),
                train.limit(),
                train.sample(),
                train.shuffle(),
                0);

        assertThat(tasks(train, folder))
                .extracting(SnapshotTest::content)
                .containsExactly("train-00000-of-00002", "train-00001-of-00002");
        assertThat(tasks(test, folder)).extracting(SnapshotTest::content).containsExactly("test-00000-of-00001");
    }

    @Test
    void shareGptKeepsTheTurnsAndMakesTheLastAnswerTheReference() throws IOException {
        List<Task> tasks = tasks(request(resource("dummy_conversation-40.json")), folder);

        assertThat(tasks).hasSize(40);
        assertThat(tasks.get(0).customId()).isEqualTo("identity_0");
        assertThat(tasks.get(0).messages()).extracting(Message::role).containsExactly("user", "assistant", "user");
        assertThat(tasks.get(0).metadata()).isEqualTo("{\"reference\":\"You too!\"}");
    }

    @Test
    void alpacaJoinsInstructionAndInput() throws IOException {
        Path file = Files.writeString(
                folder.resolve("a.json"),
                "[{\"instruction\": \"Add.\", \"input\": \"1 + 1\", \"output\": \"2\", \"src\": 5},"
                        + " {\"instruction\": \"Say hi.\", \"input\": \"\", \"output\": \"Hi.\", \"system\": \"S\","
                        + " \"history\": [[\"q\", \"a\"]]}]");

        List<Task> tasks = tasks(request(file), folder);

        assertThat(content(tasks.get(0))).isEqualTo("Add.\n\n1 + 1");
        assertThat(tasks.get(0).metadata()).isEqualTo("{\"src\":5,\"reference\":\"2\"}");
        assertThat(tasks.get(1).messages())
                .containsExactly(
                        new Message("system", "S"),
                        new Message("user", "q"),
                        new Message("assistant", "a"),
                        new Message("user", "Say hi."));
    }

    @Test
    void aBatchLineKeepsItsBodyThroughASample() throws IOException {
        DatasetRequest whole = request(resource("openai-batch.jsonl"));

        List<Task> sampled = tasks(drawing(whole, OptionalLong.of(3), false, 1), folder);

        assertThat(sampled).isEqualTo(tasks(whole, folder));
    }

    @Test
    void aSampleAndAnOrderFollowFromTheSeed() throws IOException {
        DatasetRequest all = request(resource("multilingual-60.jsonl"));
        List<String> ids = tasks(all, folder).stream().map(Task::customId).toList();

        List<String> sample = ids(drawing(all, OptionalLong.of(20), false, 5));
        List<String> shuffled = ids(drawing(all, OptionalLong.empty(), true, 5));

        assertThat(sample).hasSize(20).isEqualTo(ids(drawing(all, OptionalLong.of(20), false, 5)));
        assertThat(sample.stream().map(ids::indexOf)).isSorted();
        assertThat(sample).isNotEqualTo(ids(drawing(all, OptionalLong.of(20), false, 6)));
        assertThat(shuffled).containsExactlyInAnyOrderElementsOf(ids).isNotEqualTo(ids);
        assertThat(shuffled).isEqualTo(ids(drawing(all, OptionalLong.empty(), true, 5)));
    }

    @Test
    void everyRowIsAsLikelyInASampleAsAnyOther() throws IOException {
        Path lines = Files.writeString(folder.resolve("ten"), "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
        int[] taken = new int[10];

        for (int seed = 0; seed < 2000; seed++) {
            Path target = folder.resolve("sample");
            Selection.sample(lines, 10, 3, seed, target);
            List<String> found = Files.readAllLines(target);
            assertThat(found).hasSize(3);
            found.forEach(line -> taken[Integer.parseInt(line)]++);
        }

        for (int count : taken) {
            assertThat(count).isBetween(600 - 100, 600 + 100); // five standard deviations
        }
    }

    @Test
    void theSameCommandGivesTheSameFingerprintAndResumesAtAnyRow() throws IOException {
        Path table = folder.resolve("t.parquet");
        duck("COPY (SELECT 'prompt ' || i prompt, i FROM range(5000) r(i)) TO '" + table + "'");
        DatasetRequest request = drawing(request(table), OptionalLong.of(4000), true, 3);

        CheckedInput first = check(request, folder.resolve("w1"));
        CheckedInput second = check(request, folder.resolve("w2"));

        assertThat(second.sha256()).isEqualTo(first.sha256());
        try (TaskCursor whole = first.open(0);
                TaskCursor rest = second.open(3000)) {
            for (int i = 0; i < 3000; i++) {
                whole.next();
            }
            while (whole.hasNext()) {
                assertThat(rest.next()).isEqualTo(whole.next());
            }
        }
    }

    @Test
    void aFormatThatIsNamedWinsOverTheColumns() throws IOException {
        Path file = Files.writeString(
                folder.resolve("x.jsonl"), "{\"instruction\": \"I\", \"prompt\": \"P\", \"custom_id\": \"a\"}\n");

        assertThat(content(
                        tasks(with(request(file), InputFormat.ALPACA), folder).get(0)))
                .isEqualTo("I");
        assertThat(content(tasks(request(file), folder).get(0))).isEqualTo("P");
    }

    private List<String> ids(DatasetRequest request) throws IOException {
        return tasks(request, folder).stream().map(Task::customId).toList();
    }

    private static String content(Task task) {
        return task.messages().get(task.messages().size() - 1).content();
    }
}
