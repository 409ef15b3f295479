package io.millrace.worker.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.job.Job;
import io.millrace.job.SamplingParams;
import io.millrace.worker.decode.DecodeSettings;
import io.millrace.worker.decode.Jobs;
import io.millrace.worker.llama.TestFiles.Task;
import io.millrace.worker.pipeline.Decoder.Outcome;
import io.millrace.worker.schedule.SavedCells;
import io.millrace.worker.schedule.StepPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Prompts that come back after their slots were given to others, with the real model. */
class SavedPrefixTest {
    private static final int SLOTS = 4;
    private static final LlamaEngineConfig CONFIG = LlamaEngineConfig.of(TestFiles.TINY_CHATML)
            .withSlots(SLOTS, 256, 128)
            .withThreads(1, 1, 1)
            .withKvUnified(true);
    private static final SamplingParams WILD = Jobs.params(40, 1.5, 1, 0.4, Map.of(300, 3.5), false);

    private final StepPlan plan = new StepPlan();

    /** The last token is decoded in a step of its own both times, so that its row is the same to the last bit. */
    @Test
    void restoredCellsAreThoseThatWereSaved() {
        try (LlamaEngine engine = LlamaEngine.open(CONFIG)) {
            int[] prompt = SlotDriver.prompt(engine, "Tell me a short story about a dog.");
            int last = prompt.length - 1;
            IntStream.range(0, last).forEach(i -> plan.token(0, prompt[i], i, false));
            engine.step(plan, new int[SLOTS]);
            plan.clear();
            int[] before = drawLast(engine, 0, prompt);

            SavedCells head = engine.save(0, 0, 7);
            SavedCells tail = engine.save(0, 7, last);
            plan.clear();
            plan.keep(0, 0, 0);
            plan.restore(2, head, 0, 5);
            plan.keep(2, 2, 3);
            plan.restore(2, head, 3, 7);
            plan.restore(2, tail, 7, last);
            int[] after = drawLast(engine, 2, prompt);
            plan.clear();

            assertThat(after).isEqualTo(before);
            assertThat(IntStream.of(after).distinct().count()).isGreaterThan(1);
            assertThat(tail.bytes()).isGreaterThan(head.bytes());
            head.release();
            tail.release();
        }
    }

    private int[] drawLast(LlamaEngine engine, int slot, int[] prompt) {
        for (int sampler = 0; sampler < SLOTS; sampler++) {
            engine.seat(sampler, WILD, 100 + sampler, prompt);
        }
        int[] drawn = new int[SLOTS];
        plan.token(slot, prompt[prompt.length - 1], prompt.length - 1, true);
        IntStream.range(0, SLOTS).filter(other -> other != slot).forEach(plan::draw);
        engine.step(plan, drawn);
        int[] bySampler = new int[SLOTS];
        for (int draw = 0; draw < SLOTS; draw++) {
            bySampler[plan.drawSlot(draw)] = drawn[draw];
        }
        return bySampler;
    }

    @Test
    void aPromptThatComesBackIsReadFromTheCacheAndAnsweredAlike() {
        List<Task> tasks = TestFiles.tasks();
        List<Job> jobs = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            for (Task task : tasks) {
                jobs.add(Jobs.asking(jobs.size(), task.prompt()));
            }
        }
        assertThat(tasks).hasSizeGreaterThan(2 * SLOTS);
        try (LlamaEngine engine = LlamaEngine.open(CONFIG)) {
            Answers answers = Answers.of(engine, jobs, DecodeSettings.of(true, 64 << 20));
            for (int i = 0; i < jobs.size(); i++) {
                Task task = tasks.get(i % tasks.size());
                assertThat(answers.texts(i)).as(task.id()).containsExactly(task.reference());
            }
            for (int i = tasks.size(); i < jobs.size(); i++) {
                Outcome.Answered answered = (Outcome.Answered) answers.outcome(i);
                assertThat(answered.usage().promptTokens() - answered.usage().cachedTokens())
                        .as("prompt tokens that were computed for job %d", i)
                        .isLessThanOrEqualTo(DecodeSettings.of(true, 0).copyThreshold());
            }
        }
    }

    @Test
    void cellsThatASlotDoesNotHoldAreNeitherSavedNorSkipped() {
        try (LlamaEngine engine = LlamaEngine.open(CONFIG)) {
            plan.token(1, 5, 0, false);
            plan.token(1, 6, 1, false);
            engine.step(plan, new int[SLOTS]);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.save(1, 0, 3))
                    .withMessage("cells 0 to 3 of slot 1, which holds 2, cannot be saved");
            SavedCells cells = engine.save(1, 0, 2);
            plan.clear();
            plan.restore(2, cells, 1, 2);
            plan.token(2, 7, 2, false);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.step(plan, new int[SLOTS]))
                    .withMessage("slot 2, which holds 0 of 256 cells, is to get cells 1 to 2");
            plan.clear();
            cells.release();
        }
    }

    @Test
    void streamsSaveNothing() {
        try (LlamaEngine engine = LlamaEngine.open(CONFIG.withKvUnified(false))) {
            assertThat(engine.savesCells()).isFalse();
            assertThatIllegalStateException().isThrownBy(() -> engine.save(0, 0, 1));
        }
    }
}
