package io.millrace.producer.export;

import static io.millrace.producer.dataset.Datasets.prompt;
import static io.millrace.producer.dataset.Datasets.request;
import static io.millrace.producer.dataset.Datasets.resource;
import static io.millrace.producer.dataset.Datasets.tasks;
import static io.millrace.producer.dataset.Datasets.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.jerolba.carpet.CarpetReader;
import io.millrace.producer.dataset.DatasetRequest;
import io.millrace.producer.plan.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gsm8k through a run of three samples a job into rows that hold prompt and answers apart, and back by other readers. */
class PairRoundTripTest {
    private static final DatasetRequest GSM8K = with(request(resource("gsm8k-40.jsonl")), prompt("question"));

    @TempDir
    Path folder;

    private Path run;
    private List<Task> asked;

    @BeforeEach
    void aRunOfThreeSamplesAJob() throws IOException {
        run = FinishedRun.of(
                GSM8K, Optional.of("Be brief."), job -> List.of("worst \u4e2d", "best \"1\"\n", "second"), folder);
        asked = tasks(GSM8K, folder);
    }

    @ParameterizedTest
    @EnumSource(names = {"PREFERENCE_PARQUET", "PREFERENCE_JSONL"})
    void pairsComeBackThroughDuckDb(Target target) throws IOException {
        Path file = export(target);

        List<List<String>> rows = Duck.rows("SELECT prompt[1].content, prompt[2].role, prompt[2].content,"
                + " chosen[1].content, rejected[1].content, score_chosen, score_rejected, id, model,"
                + " metadata->>'answer' IS NOT NULL FROM '" + file + "'");

        assertThat(rows).hasSize(40);
        for (int i = 0; i < rows.size(); i++) {
            assertThat(rows.get(i))
                    .containsExactly(
                            "Be brief.",
                            "user",
                            asked.get(i).messages().get(0).content(),
                            "best \"1\"\n",
                            "worst \u4e2d",
                            "1.0",
                            "-0.5",
                            "line-" + (i + 1),
                            "tiny-chatml-q8_0",
                            "true");
        }
    }

    @Test
    void aSecondReaderOfParquetSeesTheSamePairs() throws IOException {
        List<Map<?, ?>> rows = new ArrayList<>();
        new CarpetReader<>(export(Target.PREFERENCE_PARQUET).toFile(), Map.class).forEach(rows::add);

        assertThat(rows).hasSize(40);
        for (int i = 0; i < rows.size(); i++) {
            assertThat(contents(rows.get(i), "prompt"))
                    .containsExactly("Be brief.", asked.get(i).messages().get(0).content());
            assertThat(contents(rows.get(i), "chosen")).containsExactly("best \"1\"\n");
            assertThat(contents(rows.get(i), "rejected")).containsExactly("worst \u4e2d");
            assertThat(rows.get(i).get("score_chosen")).isEqualTo(1.0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PROMPT_COMPLETION_PARQUET", "PROMPT_COMPLETION_JSONL"})
    void promptsAndCompletionsComeBackThroughDuckDb(Target target) throws IOException {
        List<List<String>> rows = Duck.rows("SELECT len(prompt), prompt[2].content, completion[1].role,"
                + " completion[1].content FROM '" + export(target) + "'");

        assertThat(rows).hasSize(120);
        for (int i = 0; i < rows.size(); i++) {
            assertThat(rows.get(i))
                    .containsExactly(
                            "2",
                            asked.get(i / 3).messages().get(0).content(),
                            "assistant",
                            List.of("worst \u4e2d", "best \"1\"\n", "second").get(i % 3));
        }
    }

    private Path export(Target target) throws IOException {
        StringBuilder scores = new StringBuilder();
        for (Task task : asked) {
            for (int sample = 0; sample < 3; sample++) {
                scores.append("{\"custom_id\": \"" + task.customId() + "\", \"index\": " + sample + ", \"score\": "
                        + List.of(-0.5, 1.0, 0.25).get(sample) + "}\n");
            }
        }
        ExportOptions options = new ExportOptions(
                target,
                0,
                Optional.empty(),
                1000,
                Optional.of(new ScoreFile(Files.writeString(folder.resolve("scores.jsonl"), scores), Optional.empty())),
                ExportOptions.FilterOptions.NONE,
                Optional.empty(),
                List.of());
        Path data = folder.resolve("data");
        ExportReport report = Export.write(run, data, options);
        assertThat(report.files()).hasSize(1);
        return data.resolve(report.files().get(0));
    }

    private static List<Object> contents(Map<?, ?> row, String column) {
        List<Object> contents = new ArrayList<>();
        ((List<?>) row.get(column)).forEach(turn -> contents.add(((Map<?, ?>) turn).get("content")));
        return contents;
    }
}
