package io.millrace.producer.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.millrace.job.Message;
import io.millrace.producer.plan.Task;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputCheckTest {
    @TempDir
    Path folder;

    @Test
    void aLineOfAPromptFileIsAUserMessageNamedAfterItsLine() throws IOException {
        List<Task> tasks = tasks(check(resource("en_10_text.jsonl")));

        assertThat(tasks).hasSize(10);
        assertThat(tasks.get(0).customId()).isEqualTo("line-1");
        assertThat(tasks.get(0).messages())
                .containsExactly(new Message("user", "How can I find the best 401k plan for my needs?"));
        assertThat(tasks.get(0).metadata()).isEmpty();
    }

    @Test
    void promptsOfManyLanguagesKeepTheirText() throws IOException {
        List<String> lines = Files.readAllLines(resource("multilingual-60.jsonl"));
        List<Task> tasks = tasks(check(resource("multilingual-60.jsonl")));

        assertThat(tasks).hasSize(60);
        for (int i = 0; i < 60; i++) {
            String text = tasks.get(i).messages().get(0).content();
            assertThat(lines.get(i)).isEqualTo('"' + text.replace("\"", "\\\"") + '"');
        }
    }

    @Test
    void aPromptObjectGivesItsNameAndKeepsItsOtherFieldsAsTheyWereWritten() throws IOException {
        List<Task> tasks = tasks(check(resource("tasks-12.jsonl")));

        assertThat(tasks).hasSize(12);
        assertThat(tasks.get(0).customId()).isEqualTo("add-0");
        assertThat(tasks.get(0).messages()).containsExactly(new Message("user", "What is 6 + 2?"));
        assertThat(tasks.get(0).metadata())
                .isEqualTo("{\"task\":\"add\",\"reference\":\"6 + 2 = 8.\",\"short_reference\":\"8\"}");
        assertThat(tasks.get(6).metadata()).contains("\"reference\":null");
        assertThat(tasks.get(8).metadata()).contains("\"{\\\"name\\\": \\\"Victor\\\", \\\"age\\\": 63}\"");
    }

    @Test
    void anOpenAiBatchLineGivesMessagesParametersAndMetadata() throws IOException {
        List<Task> tasks = tasks(check(resource("openai-batch.jsonl")));

        assertThat(tasks).extracting(Task::customId).containsExactly("request-1", "request-2", "request-3");
        assertThat(tasks.get(0).messages())
                .containsExactly(
                        new Message("system", "You are a helpful assistant."), new Message("user", "Hello world!"));
        assertThat(tasks.get(0).params().maxTokens()).isEqualTo(OptionalInt.of(1000));
        assertThat(tasks.get(0).metadata()).isEqualTo("{\"model\":\"gpt-4o-mini\"}");

        Task second = tasks.get(1);
        assertThat(second.messages())
                .containsExactly(
                        new Message("system", "You are an unhelpful assistant."), new Message("user", "Hello\nworld!"));
        assertThat(second.params().maxTokens()).isEqualTo(OptionalInt.of(20));
        assertThat(second.params().temperature()).isEqualTo(OptionalDouble.of(0.5));
        assertThat(second.params().topP()).isEqualTo(OptionalDouble.of(0.9));
        assertThat(second.params().n()).isEqualTo(OptionalInt.of(2));
        assertThat(second.params().seed()).isEqualTo(OptionalLong.of(7));
        assertThat(second.params().stop().orElseThrow()).containsExactly("\n\n");
        assertThat(second.params().presencePenalty()).isEqualTo(OptionalDouble.of(0.1));
        assertThat(second.params().frequencyPenalty()).isEqualTo(OptionalDouble.of(0.2));
        assertThat(second.params().logitBias().orElseThrow()).containsExactlyEntriesOf(java.util.Map.of(50256, -100.0));
        assertThat(second.metadata())
                .isEqualTo("{\"model\":\"gpt-4o-mini\",\"user\":\"user-17\",\"metadata\":{\"topic\": \"greeting\"}}");

        Task third = tasks.get(2);
        assertThat(third.messages()).hasSize(3);
        assertThat(third.params().topK()).isEqualTo(OptionalInt.of(5));
        assertThat(third.params().minP()).isEqualTo(OptionalDouble.of(0.1));
        assertThat(third.params().repeatPenalty()).isEqualTo(OptionalDouble.of(1.2));
        assertThat(third.params().repeatLastN()).isEqualTo(OptionalInt.of(-1));
        assertThat(third.params().ignoreEos()).contains(true);
        assertThat(third.params().stop().orElseThrow()).containsExactly("3", "4");
        assertThat(third.params().seed()).isEmpty();
        assertThat(third.metadata()).isEqualTo("{\"shard\":4}");
    }

    @Test
    void theThreeKindsOfObjectsMayBeMixed() throws IOException {
        CheckedInput input = check(file("""
                {"prompt": "a", "id": 1}
                {"messages": [{"role": "user", "content": "b"}], "score": 1.50}

                {"custom_id": "c", "body": {"messages": [{"role": "user", "content": "c"}]}}
                """));

        List<Task> tasks = tasks(input);
        assertThat(tasks).extracting(Task::customId).containsExactly("1", "line-2", "c");
        assertThat(tasks.get(1).metadata()).isEqualTo("{\"score\":1.50}");
    }

    @Test
    void aNamedFormatSaysWhichOfTwoFieldsCounts() throws IOException {
        Path file = file("{\"prompt\": \"a\", \"messages\": [{\"role\": \"user\", \"content\": \"b\"}]}");

        Task prompt = tasks(check(file, InputFormat.PROMPT)).get(0);
        assertThat(prompt.messages()).containsExactly(new Message("user", "a"));
        assertThat(prompt.metadata()).isEqualTo("{\"messages\":[{\"role\": \"user\", \"content\": \"b\"}]}");
        Task messages = tasks(check(file, InputFormat.MESSAGES)).get(0);
        assertThat(messages.messages()).containsExactly(new Message("user", "b"));
        assertThat(messages.metadata()).isEqualTo("{\"prompt\":\"a\"}");
    }

    @Test
    void parametersBesideAPromptAreMetadataAndTheUserIsTold() throws IOException {
        CheckedInput input = check(file("{\"prompt\": \"a\", \"temperature\": 0.1, \"max_tokens\": 5}"));

        Task task = tasks(input).get(0);
        assertThat(task.params().temperature()).isEmpty();
        assertThat(task.metadata()).isEqualTo("{\"temperature\":0.1,\"max_tokens\":5}");
        assertThat(input.notes()).singleElement().asString().contains("max_tokens, temperature kept as metadata");
    }

    @Test
    void packedInputsHaveTheTasksAndTheFingerprintOfThePlainOne() throws IOException {
        byte[] plain = Files.readAllBytes(resource("tasks-12.jsonl"));
        CheckedInput expected = check(resource("tasks-12.jsonl"));
        byte[] first = gzip(plain, 0, 500);
        byte[] second = gzip(plain, 500, plain.length - 500);
        byte[] members = new byte[first.length + second.length];
        System.arraycopy(first, 0, members, 0, first.length);
        System.arraycopy(second, 0, members, first.length, second.length);
        String crlf = new String(plain, StandardCharsets.UTF_8).replace("\n", "\r\n");

        for (byte[] packed : List.of(
                gzip(plain, 0, plain.length),
                members,
                Zstd.compress(plain),
                crlf.getBytes(StandardCharsets.UTF_8),
                ("\uFEFF" + crlf.strip()).getBytes(StandardCharsets.UTF_8))) {
            Path file = folder.resolve("packed");
            Files.write(file, packed);
            CheckedInput input = check(file);
            assertThat(tasks(input)).isEqualTo(tasks(expected));
            assertThat(input.sha256()).isEqualTo(expected.sha256());
        }
        CheckedInput stdin = check(InputFile.spooled(new ByteArrayInputStream(plain), folder.resolve("work")));
        assertThat(stdin.sha256()).isEqualTo(expected.sha256());
        assertThat(tasks(stdin)).isEqualTo(tasks(expected));
    }

    @Test
    void theFingerprintChangesWithTheContentAndTheLimit() throws IOException {
        String one = check(file("\"a\"\n\"b\"")).sha256();

        assertThat(check(file("\"a\"\n\"c\"")).sha256()).isNotEqualTo(one);
        assertThat(check(file("\n\"a\"\n\"b\"")).sha256()).isNotEqualTo(one);
        CheckedInput limited = InputCheck.check(
                InputFile.of(file("\"a\"\n\"b\"\nnot JSON")), InputFormat.AUTO, OptionalLong.of(1), BadLines.refused());
        assertThat(limited.tasks()).isEqualTo(1);
        assertThat(limited.sha256()).isNotEqualTo(one);
        assertThat(tasks(limited)).hasSize(1);
    }

    @Test
    void theSecondReadingStartsAtAnyTaskAndSkippedLinesKeepTheIndicesStable() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            switch (i % 10) {
                case 3 -> text.append("{\"prompt\": 5}\n");
                case 5 -> text.append("   \n");
                case 7 -> text.append("{\"prompt\": \"p\", \"id\": \"twin-" + i / 20 + "\"}\n");
                default -> text.append("{\"prompt\": \"p" + i + "\"}\n");
            }
        }
        List<BadLine> bad = new ArrayList<>();
        CheckedInput input = InputCheck.check(
                InputFile.of(file(text.toString())),
                InputFormat.AUTO,
                OptionalLong.empty(),
                BadLines.skippedWith(bad::add));

        assertThat(bad).hasSize(150);
        assertThat(input.skippedLines()).isEqualTo(150);
        assertThat(bad.get(0).toString()).endsWith(":4: prompt: must be a text, not 5");
        assertThat(bad.get(100).what()).isEqualTo("'twin-0' is that of line 8 too; give each line its own");
        assertThat(input.tasks()).isEqualTo(750);
        List<Task> all = tasks(input);
        assertThat(all).hasSize(750).extracting(Task::customId).doesNotHaveDuplicates();
        for (long from : new long[] {0, 1, 7, 333, 749, 750}) {
            try (TaskCursor cursor = input.open(from)) {
                List<Task> rest = new ArrayList<>();
                cursor.forEachRemaining(rest::add);
                assertThat(rest).isEqualTo(all.subList((int) from, 750));
            }
        }
    }

    @Test
    void linesLongerThanTheBufferAreRead() throws IOException {
        String longText = "x".repeat(3 << 20) + "é";
        List<Task> tasks = tasks(check(file("\"a\"\n\"" + longText + "\"\n\"b\"\n")));

        assertThat(tasks).hasSize(3);
        assertThat(tasks.get(1).messages().get(0).content()).isEqualTo(longText);
    }

    @Test
    void aHundredThousandNamesAreCheckedExactly() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            text.append("{\"prompt\":\"p\",\"id\":").append(i).append("}\n");
        }
        assertThat(check(file(text.toString())).tasks()).isEqualTo(100_000);
    }

    private static byte[] gzip(byte[] bytes, int start, int length) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes, start, length);
        }
        return packed.toByteArray();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("input.jsonl"), text);
    }

    private static Path resource(String name) {
        try {
            return Path.of(InputCheckTest.class.getResource("/inputs/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CheckedInput check(Path file) throws IOException {
        return check(file, InputFormat.AUTO);
    }

    private static CheckedInput check(Path file, InputFormat format) throws IOException {
        return InputCheck.check(InputFile.of(file), format, OptionalLong.empty(), BadLines.refused());
    }

    private static CheckedInput check(InputFile file) throws IOException {
        return InputCheck.check(file, InputFormat.AUTO, OptionalLong.empty(), BadLines.refused());
    }

    private static List<Task> tasks(CheckedInput input) throws IOException {
        List<Task> tasks = new ArrayList<>();
        try (TaskCursor cursor = input.open(0)) {
            cursor.forEachRemaining(tasks::add);
        }
        return tasks;
    }
}
