package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.producer.score.NumberScorer;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands of sweeps and scores do before and without a run. */
class SweepCommandsTest {
    private static final String GSM8K = "../examples/gsm8k/test-300.jsonl";

    @TempDir
    Path folder;

    @Test
    void aDryRunShowsThePlanAndLeavesNothing() {
        CommandLineRun run =
                dryRun("../examples/gsm8k.yaml", "-i", GSM8K, "--prompt-column", "question", "--model", "m");

        assertThat(run.status()).as(run.output()).isZero();
        assertThat(run.output())
                .contains("300 tasks at 4 points are 1200 jobs and 1200 samples of at most 307200 tokens together")
                .contains("p3   template=one-shot temperature=0.8")
                .contains("scored by number");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void everyReferenceOfGsm8kIsANumber() throws IOException {
        List<String> rows = Files.readAllLines(Path.of(GSM8K));

        assertThat(rows).hasSize(300);
        for (String row : rows) {
            String told = row.substring(row.lastIndexOf("#### ") + 5, row.lastIndexOf('"'));
            assertThat(NumberScorer.answer(row))
                    .hasValueSatisfying(
                            number -> assertThat(number).isEqualByComparingTo(new BigDecimal(told.replace(",", ""))));
        }
    }

    @Test
    void mistakesAreToldInALine() throws IOException {
        Path tasks =
                Files.writeString(folder.resolve("tasks.jsonl"), "{\"id\": \"a\", \"prompt\": \"Hi\", \"sweep\": 1}\n");
        Path yaml = Files.writeString(folder.resolve("s.yaml"), "grid: {temperature: [0, 1]}\n");
        Path template = Files.writeString(folder.resolve("t.yaml"), "points: [{template: '{{topic}}'}]\n");
        String[] input = {"-i", tasks.toString(), "--model", "m"};

        assertThat(dryRun(yaml.toString(), input).output()).contains("task 'a': sweep: is the field");
        Files.writeString(tasks, "{\"id\": \"a\", \"prompt\": \"Hi\"}\n");
        assertThat(dryRun(template.toString(), input).output())
                .contains("task 'a': topic must be there, since the template has it");
        assertThat(dryRun(folder.resolve("no.yaml").toString(), input).output()).contains("no.yaml: no such file");
        assertThat(CommandLineRun.of(
                                "sweep", "-c", yaml.toString(), "-o", "x", "-s", "nonsense", "-i", tasks.toString())
                        .output())
                .contains("there is no scorer 'nonsense'; there are exact");
        assertThat(CommandLineRun.of("score", folder.toString(), "-s", "number").output())
                .contains("holds no results.jsonl");
        assertThat(CommandLineRun.of("score", folder.toString()).output()).contains("-s is missing");
    }

    private CommandLineRun dryRun(String config, String... arguments) {
        String[] all = new String[arguments.length + 6];
        System.arraycopy(
                new String[] {
                    "sweep",
                    "--dry-run",
                    "-c",
                    config,
                    "-o",
                    folder.resolve("out").toString()
                },
                0,
                all,
                0,
                6);
        System.arraycopy(arguments, 0, all, 6, arguments.length);
        return CommandLineRun.of(all);
    }
}
