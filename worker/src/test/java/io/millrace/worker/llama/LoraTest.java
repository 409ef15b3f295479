package io.millrace.worker.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.job.AnswerOptions;
import io.millrace.job.FailureKind;
import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.Message;
import io.millrace.job.OutputFormat;
import io.millrace.job.SamplingParams;
import io.millrace.worker.decode.EngineException;
import io.millrace.worker.pipeline.Decoder.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs with and without adapters on one engine. */
final class LoraTest {
    private static final int TASKS = 12;
    private static final List<String> ADAPTERS = List.of("", "red", "blue");

    @TempDir
    Path folder;

    @Test
    void eachJobIsAnsweredWithItsOwnAdapter() throws Exception {
        List<LoraFile> loras = List.of(
                new LoraFile("red", AdapterFile.write(folder.resolve("red.gguf"), 1, 1f), 1),
                new LoraFile("blue", AdapterFile.write(folder.resolve("blue.gguf"), 2, 1f), 1));
        List<List<String>> mixed = mixed(loras);
        for (int adapter = 0; adapter < ADAPTERS.size(); adapter++) {
            assertThat(same(mixed.get(adapter), alone(loras, ADAPTERS.get(adapter))))
                    .as("texts of adapter '%s' as when it is alone", ADAPTERS.get(adapter))
                    .isGreaterThanOrEqualTo(TASKS - 1);
        }
        assertThat(same(mixed.get(0), mixed.get(1))).isLessThan(TASKS / 2);
        assertThat(same(mixed.get(0), mixed.get(2))).isLessThan(TASKS / 2);
        assertThat(same(mixed.get(1), mixed.get(2))).isLessThan(TASKS / 2);
    }

    @Test
    void anAdapterOfScaleZeroChangesNothing() throws Exception {
        List<LoraFile> none = List.of(new LoraFile("none", AdapterFile.write(folder.resolve("none.gguf"), 3, 1f), 0));

        assertThat(same(alone(none, "none"), alone(none, ""))).isGreaterThanOrEqualTo(TASKS - 1);
    }

    @Test
    void anAdapterThatTheWorkerDoesNotHaveIsRefusedWithTheRemedy() {
        try (LlamaEngine engine = LlamaEngine.open(config(List.of()))) {
            Outcome outcome = Answers.of(engine, List.of(job(0, "green"))).outcome(0);

            assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
                assertThat(refused.kind()).isEqualTo(FailureKind.INVALID_JOB);
                assertThat(refused.message()).contains("'green'").contains("--lora-modules green=FILE");
            });
        }
    }

    @Test
    void aFileThatIsNoAdapterOfTheModelIsRefusedAtStart() throws Exception {
        Path text = Files.writeString(folder.resolve("text.gguf"), "no");

        assertThatThrownBy(() -> LlamaEngine.open(config(List.of(new LoraFile("x", text, 1)))))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("text.gguf cannot be used: it is not GGUF");
        assertThatThrownBy(() -> LlamaEngine.open(config(List.of(new LoraFile("x", TestFiles.TINY_CHATML, 1)))))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("LoRA adapter 'x'");
    }

    /** All jobs on one engine, those of the adapters in turn; texts by adapter. */
    private static List<List<String>> mixed(List<LoraFile> loras) {
        List<Job> jobs = new ArrayList<>();
        for (int task = 0; task < TASKS; task++) {
            for (int adapter = 0; adapter < ADAPTERS.size(); adapter++) {
                jobs.add(job(task + adapter * TASKS, ADAPTERS.get(adapter)));
            }
        }
        try (LlamaEngine engine = LlamaEngine.open(config(loras))) {
            Answers answers = Answers.of(engine, jobs);
            List<List<String>> texts = new ArrayList<>();
            for (int adapter = 0; adapter < ADAPTERS.size(); adapter++) {
                texts.add(texts(answers, adapter * TASKS));
            }
            return texts;
        }
    }

    private static List<String> alone(List<LoraFile> loras, String adapter) {
        List<Job> jobs = new ArrayList<>();
        for (int task = 0; task < TASKS; task++) {
            jobs.add(job(task, adapter));
        }
        try (LlamaEngine engine = LlamaEngine.open(config(loras))) {
            return texts(Answers.of(engine, jobs), 0);
        }
    }

    private static List<String> texts(Answers answers, int from) {
        List<String> texts = new ArrayList<>();
        for (int task = 0; task < TASKS; task++) {
            texts.addAll(answers.texts(from + task));
        }
        return texts;
    }

    private static int same(List<String> some, List<String> others) {
        int same = 0;
        for (int i = 0; i < some.size(); i++) {
            same += some.get(i).equals(others.get(i)) ? 1 : 0;
        }
        return same;
    }

    private static Job job(int index, String adapter) {
        AnswerOptions answer = new AnswerOptions(OutputFormat.TEXT, OptionalInt.empty(), "", 0, adapter);
        SamplingParams greedy = new SamplingParams(
                        16, 0, 40, 1, 0, 1, 64, 0, 0, Map.of(), OptionalLong.empty(), List.of(), 1, false)
                .with(answer);
        int task = index % TASKS;
        return new Job(
                new JobId("lora", index),
                "task-" + index,
                List.of(new Message("user", "What is " + (task + 3) + " + " + task % 5 + "?")),
                greedy,
                1,
                "");
    }

    private static LlamaEngineConfig config(List<LoraFile> loras) {
        return LlamaEngineConfig.of(TestFiles.TINY_CHATML)
                .withSlots(4, 256, 64)
                .withThreads(1, 1, 1)
                .withLoras(loras);
    }
}
