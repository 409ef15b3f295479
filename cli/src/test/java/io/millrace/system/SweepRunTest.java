package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep over settings and models with real workers, cut off in the middle and given again. */
class SweepRunTest {
    private static final int TASKS = 40;

    @TempDir
    Path folder;

    @Test
    void aSweepThatWasKilledGoesOnAndIsScored() throws Exception {
        Files.writeString(folder.resolve("sweep.yaml"), """
                params: {max_tokens: 64, top_k: 0, top_p: 1, min_p: 0}
                system: llama2
                grid: {temperature: [0, 3]}
                points: [{label: other model, temperature: 0, model: other.gguf}]
                scorers: [exact, number]
                """);
        Files.copy(Path.of("..", "models", "tiny-chatml-q8_0.gguf"), folder.resolve("other.gguf"));
        try (LocalRun run = sweep()) {
            run.awaitResults(folder.resolve("out"), TASKS / 2);
            assertThat(folder.resolve("out/sweep.json")).exists();
        }
        try (LocalRun run = sweep()) {
            assertThat(run.awaitEnd()).as(run.log()).isZero();
            assertThat(run.log()).contains("40 tasks at 3 points are 120 jobs and 120 samples");
        }

        List<String> results = lines("results.jsonl");
        assertThat(results).hasSize(3 * TASKS);
        assertThat(results.get(0))
                .contains("\"custom_id\":\"add-0@p0\"")
                .contains("\"sweep\":{\"task\":\"add-0\",\"point\":\"p0\"}")
                .contains("\"short_reference\"");
        assertThat(results.get(1)).contains("\"custom_id\":\"add-0@p1\"");
        assertThat(results.get(2)).contains("\"custom_id\":\"add-0@p2\"").contains("\"model\":\"other\"");
        assertThat(Files.readString(folder.resolve("out/sweep.json")))
                .contains("\"label\" : \"temperature=3\"")
                .contains("\"tasks\" : 40")
                .contains("\"model\" : \"other\"");
        assertThat(right("p0")).isGreaterThan(right("p1"));
        assertThat(right("p2")).as("the same model under another name").isEqualTo(right("p0"));
    }

    private LocalRun sweep() throws IOException {
        String tasks = Path.of("..", "examples", "tasks.jsonl").toAbsolutePath().toString();
        return LocalRun.start(
                folder, "sweep", "--local", "-i", tasks, "-c", "sweep.yaml", "-o", "out", "--limit=" + TASKS);
    }

    private long right(String point) throws IOException {
        return lines("scores.jsonl").stream()
                .filter(line -> line.contains("\"point\":\"" + point + "\"")
                        && line.contains("\"scorer\":\"exact\"")
                        && line.contains("\"score\":1.0"))
                .count();
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve("out").resolve(file));
    }
}
