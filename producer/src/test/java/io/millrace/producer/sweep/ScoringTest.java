package io.millrace.producer.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.producer.files.InputException;
import io.millrace.producer.files.OutputException;
import io.millrace.producer.plan.PromptTemplate;
import io.millrace.producer.score.NumberScorer;
import io.millrace.producer.score.Reference;
import io.millrace.producer.score.TextScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoringTest {
    private static final RunScorer NUMBER = RunScorer.of(new NumberScorer(Reference.USUAL));

    @TempDir
    Path folder;

    @Test
    void everySampleOfASweepGetsALine() throws IOException {
        results(job(0, "t1", "p0", "It is 4.", "It is 5."), job(1, "t1", "p1", "4", "#### 4"));

        ScoreTable table = score(Map.of("number", NUMBER));

        assertThat(Files.readAllLines(folder.resolve("scores.jsonl")))
                .containsExactly(
                        "{\"custom_id\":\"t1@p0\",\"task\":\"t1\",\"point\":\"p0\",\"sample\":0,\"scorer\":\"number\",\"score\":1.0,\"detail\":\"\"}",
                        "{\"custom_id\":\"t1@p0\",\"task\":\"t1\",\"point\":\"p0\",\"sample\":1,\"scorer\":\"number\",\"score\":0.0,\"detail\":\"expected 4, found 5\"}",
                        "{\"custom_id\":\"t1@p1\",\"task\":\"t1\",\"point\":\"p1\",\"sample\":0,\"scorer\":\"number\",\"score\":1.0,\"detail\":\"\"}",
                        "{\"custom_id\":\"t1@p1\",\"task\":\"t1\",\"point\":\"p1\",\"sample\":1,\"scorer\":\"number\",\"score\":1.0,\"detail\":\"\"}");
        assertThat(table.rows()).extracting(ScoreTable.Row::point).containsExactly("p0", "p1");
        assertThat(table.rows().get(0).mean().mean()).isEqualTo(0.5);
        assertThat(table.rows().get(0).k()).isEqualTo(2);
        assertThat(table.rows().get(0).passAtMost()).isEqualTo(1);
    }

    @Test
    void aPlainRunIsOnePoint() throws IOException {
        results("{\"id\":\"batch_req_r-0\",\"custom_id\":\"x\",\"response\":{\"body\":{\"choices\":[{\"index\":0,"
                + "\"message\":{\"content\":\"7\"}}]}},\"metadata\":{\"answer\":7,\"none\":null}}");

        ScoreTable table = score(Map.of("number", NUMBER));

        assertThat(table.rows()).hasSize(1);
        assertThat(table.rows().get(0).point()).isEqualTo("p0");
        assertThat(table.rows().get(0).mean().mean()).isEqualTo(1);
    }

    @Test
    void scoringAgainTakesThePlaceOfTheSameScorerAlone() throws IOException {
        results(job(0, "t1", "p0", "4"));
        Map<String, RunScorer> both = new LinkedHashMap<>();
        both.put("number", NUMBER);
        both.put("exact", RunScorer.of(new TextScorer(TextScorer.Comparison.EXACT, Reference.USUAL)));
        score(both);
        List<String> before = Files.readAllLines(folder.resolve("scores.jsonl"));
        score(Map.of("number", NUMBER));

        assertThat(Files.readAllLines(folder.resolve("scores.jsonl"))).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void aThousandJobsKeepTheirOrder() throws IOException {
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            jobs.add(job(i, "t" + i, "p0", Integer.toString(i % 5)));
        }
        results(jobs.toArray(String[]::new));
        List<Long> told = new ArrayList<>();

        new Scoring(folder, Map.of("number", NUMBER), 4, told::add).run();

        List<String> lines = Files.readAllLines(folder.resolve("scores.jsonl"));
        assertThat(lines).hasSize(1_000);
        for (int i = 0; i < 1_000; i++) {
            assertThat(lines.get(i)).startsWith("{\"custom_id\":\"t" + i + "@p0\"");
        }
        assertThat(told).containsExactly(256L, 512L, 768L, 1_000L);
    }

    @Test
    void aJudgeGetsEverySampleAndItsVerdictsComeBack() throws IOException {
        results(job(0, "t1", "p0", "It is 4.", "It is 5."), job(1, "t2", "p0", "4"));
        Path tasks = folder.resolve("judge.jsonl");

        assertThat(JudgeTasks.write(folder, PromptTemplate.of("Is {{answer}} like {{reference}}?"), tasks))
                .isEqualTo(3);
        assertThat(Files.readAllLines(tasks)).hasSize(3);
        assertThat(Files.readString(tasks)).contains("t1@p0#1").contains("Is It is 5. like 2+2 = 4?");

        Path judged = Files.createDirectory(folder.resolve("judged"));
        Files.write(
                judged.resolve("results.jsonl"),
                List.of(
                        verdict("t1@p0#0", "Good: [[3]], no: [[8]]", "[[6.0]]"),
                        verdict("t1@p0#1", "[[No]]"),
                        verdict("t2@p0#0", "I cannot say.")));
        ScoreTable table = score(Map.of("judge", Verdicts.read(judged, 10)));

        assertThat(table.scored("judge")).isEqualTo(2);
        assertThat(table.rows().get(0).mean().mean()).isEqualTo(0.35);
        assertThatExceptionOfType(InputException.class)
                .isThrownBy(() -> JudgeTasks.write(folder, PromptTemplate.of("{{rubric}}"), tasks))
                .withMessageContaining("task 't1': rubric");
    }

    private static String verdict(String id, String... texts) {
        return job(0, "x", "p0", texts).replace("x@p0", id);
    }

    @Test
    void aFolderWithoutResultsIsRefused() {
        assertThatExceptionOfType(OutputException.class)
                .isThrownBy(() -> score(Map.of("number", NUMBER)))
                .withMessageContaining("results.jsonl");
    }

    private ScoreTable score(Map<String, RunScorer> scorers) throws IOException {
        return new Scoring(folder, scorers, 2, jobs -> {}).run();
    }

    private void results(String... lines) throws IOException {
        Files.write(folder.resolve("results.jsonl"), List.of(lines));
    }

    private static String job(int index, String task, String point, String... texts) {
        StringBuilder choices = new StringBuilder();
        for (int i = 0; i < texts.length; i++) {
            choices.append(i == 0 ? "" : ",")
                    .append("{\"index\":" + i + ",\"message\":{\"content\":\"" + texts[i] + "\"}}");
        }
        return "{\"id\":\"batch_req_r-" + index + "\",\"custom_id\":\"" + task + "@" + point
                + "\",\"response\":{\"body\":{\"choices\":[" + choices + "]}},\"metadata\":{\"reference\":\"2+2 = 4\","
                + "\"sweep\":{\"task\":\"" + task + "\",\"point\":\"" + point + "\"}}}";
    }
}
