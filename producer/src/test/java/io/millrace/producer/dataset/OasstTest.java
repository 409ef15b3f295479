package io.millrace.producer.dataset;

import static io.millrace.producer.dataset.Datasets.request;
import static io.millrace.producer.dataset.Datasets.resource;
import static io.millrace.producer.dataset.Datasets.tasks;
import static io.millrace.producer.dataset.Datasets.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.job.Message;
import io.millrace.producer.files.InputFormat;
import io.millrace.producer.plan.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OASST message trees, against counts made with the reference project's predicates. */
class OasstTest {
    private static final Path TREES = resource("en_100_tree.jsonl.zst");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"null", "1", "2", "3"})
    void theLoadersThreadsAreKept(String topK) throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(resource("oasst_en_100_tree_thread_counts.json").toFile())
                .at("/by_top_k/" + topK);

        List<Task> tasks = tasks(with(request(TREES), columns(topK, "en")), folder);

        assertThat(tasks).hasSize(expected.get("threads").intValue());
        assertThat(tasks.stream().map(OasstTest::tree).distinct())
                .hasSize(expected.get("trees_with_threads").intValue());
        Map<String, Long> lengths = tasks.stream()
                .collect(Collectors.groupingBy(
                        task -> Integer.toString(task.messages().size() + 1), Collectors.counting()));
        assertThat(lengths).hasSize(expected.get("len").size());
        lengths.forEach((length, count) ->
                assertThat(count).isEqualTo(expected.get("len").get(length).longValue()));
    }

    @Test
    void aThreadEndsWithAQuestionAndItsAnswerIsTheReference() throws IOException {
        assertThat(tasks(request(TREES), folder)).allSatisfy(task -> {
            assertThat(task.messages().get(0).role()).isEqualTo(Message.USER);
            assertThat(task.messages().get(task.messages().size() - 1).role()).isEqualTo(Message.USER);
            assertThat(task.metadata()).contains("\"message_tree_id\":", "\"lang\":\"en\"", "\"reference\":");
        });
    }

    @Test
    void promptsAreTheRootsNamedAfterTheirTrees() throws IOException {
        List<Task> tasks = tasks(with(request(TREES), InputFormat.OASST_PROMPTS), folder);

        assertThat(tasks).hasSize(100);
        assertThat(tasks.get(0).customId()).isEqualTo("054e1df3-35e0-4bb8-a585-607dbdcd24e0");
        assertThat(tasks.get(0).messages())
                .containsExactly(new Message("user", "How can I find the best 401k plan for my needs?"));
    }

    private static Columns columns(String topK, String lang) {
        return new Columns(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                topK.equals("null") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(topK)),
                lang);
    }

    private static String tree(Task task) {
        return task.metadata().split("\"")[3];
    }
}
