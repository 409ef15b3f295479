package io.millrace.producer.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.job.Choice;
import io.millrace.job.FailureKind;
import io.millrace.job.FinishReason;
import io.millrace.job.Job;
import io.millrace.job.JobResult;
import io.millrace.job.SamplingParams;
import io.millrace.job.Timings;
import io.millrace.job.Usage;
import io.millrace.producer.plan.JobPlanner;
import io.millrace.producer.plan.RunId;
import io.millrace.producer.plan.RunOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AnsweredRowsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROWS = """
            {"id": "a", "prompt": "one", "kind": 1.50}
            {"id": "b", "prompt": "two"}

            {"id": "c", "prompt": "one"}
            {"id": "d", "prompt": "bad"}
            {"id": "e", "prompt": "one", "kind": 2}
            {"id": "f", "prompt": "bad"}
            {"id": "g", "prompt": "three"}
            """;

    @TempDir
    Path folder;

    @Test
    void greedyRowsThatAskTheSameAreOneJob() throws IOException {
        Duplicates duplicates = Duplicates.find(input(), planner(greedy()));

        assertThat(duplicates.distinct().tasks()).isEqualTo(4);
        assertThat(jobs(duplicates)).containsExactly(0, 1, 0, 2, 0, 2, 3);
        assertThat(prompts(duplicates)).containsExactly("one", "two", "bad", "three");
    }

    @Test
    void sampledRowsAreJobsOfTheirOwnUnlessTheyHaveASeed() throws IOException {
        SamplingParams sampled = SamplingParams.DEFAULTS;

        assertThat(jobs(Duplicates.find(input(), planner(sampled)))).containsExactly(0, 1, 2, 3, 4, 5, 6);
    }

    @Test
    void eachRowHasTheAnswerOfItsJobUnderItsOwnName() throws IOException {
        CheckedInput rows = input();
        JobPlanner planner = planner(greedy());
        Duplicates duplicates = Duplicates.find(rows, planner);
        Path out = folder.resolve("out");
        answer(duplicates, planner, AnsweredRows.runFolder(out));

        AnsweredRows.Counts counts = AnsweredRows.write(out, planner.runId(), duplicates);

        assertThat(counts).isEqualTo(new AnsweredRows.Counts(5, 2));
        List<String> results = Files.readAllLines(out.resolve("results.jsonl"));
        assertThat(results).hasSize(5);
        assertThat(results.get(0))
                .startsWith("{\"id\":\"batch_req_" + planner.runId() + "-0\",\"custom_id\":\"a\",")
                .contains("\"metadata\":{\"kind\":1.50},\"millrace\":{\"job\":\"" + planner.runId() + "-0\",");
        List<String> seen = new ArrayList<>();
        for (String result : results) {
            JsonNode line = JSON.readTree(result);
            seen.add(line.path("custom_id").asText() + " "
                    + line.path("response")
                            .path("body")
                            .path("choices")
                            .path(0)
                            .path("message")
                            .path("content")
                            .asText()
                    + " " + line.path("metadata"));
        }
        assertThat(seen)
                .containsExactly(
                        "a answer to one {\"kind\":1.5}",
                        "b answer to two ",
                        "c answer to one ",
                        "e answer to one {\"kind\":2}",
                        "g answer to three ");
        assertThat(Files.readAllLines(out.resolve("errors.jsonl")))
                .hasSize(2)
                .anyMatch(line -> line.contains("\"custom_id\":\"d\""))
                .anyMatch(line -> line.contains("\"custom_id\":\"f\""));
        JsonNode summary = JSON.readTree(out.resolve("run.json").toFile());
        assertThat(summary.path("jobs").asInt()).isEqualTo(4);
        assertThat(summary.path("rows").path("answered").asInt()).isEqualTo(5);
    }

    @Test
    void aFolderWithOtherResultsIsRefused() throws IOException {
        Files.writeString(folder.resolve("results.jsonl"), "mine\n");

        assertThatThrownBy(() -> AnsweredRows.requireFree(folder, "0123456789abcdef"))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("choose another folder");
    }

    private static void answer(Duplicates duplicates, JobPlanner planner, Path run) throws IOException {
        try (RunOutput output = RunOutput.open(run, planner.runId(), Clock.systemUTC());
                TaskCursor tasks = duplicates.distinct().open(0)) {
            while (tasks.hasNext()) {
                long index = tasks.index();
                output.add(result(planner.job(tasks.next(), index)));
            }
            output.complete(
                    new RunFacts(planner.runId(), "test", "tiny-chatml", "ab", 1, Map.of()),
                    duplicates.distinct().tasks(),
                    Map.of());
        }
    }

    private static JobResult result(Job job) {
        String prompt = job.messages().get(0).content();
        if (prompt.equals("bad")) {
            return new JobResult.Failed(
                    job.id(), job.customId(), FailureKind.CONTEXT_WINDOW_EXCEEDED, "no", Results.PROVENANCE, 1, "");
        }
        return new JobResult.Completed(
                job.id(),
                job.customId(),
                List.of(new Choice(0, "answer to " + prompt, FinishReason.STOP, 3, 1)),
                new Usage(5, 3, 0),
                new Timings(1, 1, 1),
                Results.PROVENANCE,
                1,
                job.metadata());
    }

    private CheckedInput input() throws IOException {
        Path file = folder.resolve("rows.jsonl");
        Files.writeString(file, ROWS);
        return InputCheck.check(InputFile.of(file), InputFormat.AUTO, OptionalLong.empty(), BadLines.refused());
    }

    private static SamplingParams greedy() {
        return new SamplingParams(8, 0, 40, 1, 0, 1, 64, 0, 0, Map.of(), OptionalLong.empty(), List.of(), 1, false);
    }

    private static JobPlanner planner(SamplingParams params) {
        RunOptions options = new RunOptions(
                params,
                Optional.empty(),
                "tiny-chatml",
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                true);
        return new JobPlanner(RunId.of("ab", options, ""), options);
    }

    private static List<Integer> jobs(Duplicates duplicates) {
        List<Integer> jobs = new ArrayList<>();
        for (int row = 0; row < duplicates.rows().tasks(); row++) {
            jobs.add(duplicates.job(row));
        }
        return jobs;
    }

    private static List<String> prompts(Duplicates duplicates) throws IOException {
        List<String> prompts = new ArrayList<>();
        try (TaskCursor tasks = duplicates.distinct().open(0)) {
            while (tasks.hasNext()) {
                prompts.add(tasks.next().messages().get(0).content());
            }
        }
        return prompts;
    }
}
