package io.millrace.worker.llama;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.job.Choice;
import io.millrace.job.Job;
import io.millrace.job.Message;
import io.millrace.job.SamplingParams;
import io.millrace.worker.decode.DecodeSettings;
import io.millrace.worker.decode.Engine;
import io.millrace.worker.decode.Jobs;
import io.millrace.worker.decode.Scores;
import io.millrace.worker.decode.Tokenizer;
import io.millrace.worker.pipeline.EngineInfo;
import io.millrace.worker.schedule.SavedCells;
import io.millrace.worker.schedule.StepPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Samples that are decoded once while they have the same tokens, with the real model. */
class FollowingTest {
    private static final LlamaEngineConfig CONFIG = LlamaEngineConfig.of(TestFiles.TINY_CHATML)
            .withSlots(8, 512, 256)
            .withThreads(1, 1, 1)
            .withKvUnified(true);
    private static final DecodeSettings FOLLOWING = DecodeSettings.of(true, 0);
    private static final DecodeSettings ALONE = DecodeSettings.of(false, 0);

    private int rows;

    /** Alone each slot decodes the same prompt in a step of its own, so that its row is the same to the last bit. */
    @Test
    void aSlotDrawsFromAnothersRowWhatItDrawsFromItsOwn() {
        SamplingParams params = Jobs.params(40, 1.5, 1, 0.4, Map.of(300, 3.5, 301, -100.0), false);
        try (LlamaEngine engine = LlamaEngine.open(CONFIG)) {
            int[] prompt = SlotDriver.prompt(engine, "Tell me a short story about a dog.");
            int slots = engine.info().slots();
            StepPlan plan = new StepPlan();
            int[] together = new int[slots];
            for (int slot = 0; slot < slots; slot++) {
                engine.seat(slot, params, 100 + slot, prompt);
            }
            decode(plan, 0, prompt);
            IntStream.range(1, slots).forEach(plan::draw);
            engine.step(plan, together);

            int[] alone = new int[slots];
            int[] drawn = new int[slots];
            for (int slot = 0; slot < slots; slot++) {
                engine.seat(slot, params, 100 + slot, prompt);
                plan.clear();
                IntStream.range(0, slots).forEach(any -> plan.keep(any, any, 0));
                decode(plan, slot, prompt);
                engine.step(plan, drawn);
                alone[slot] = drawn[0];
            }
            assertThat(together).isEqualTo(alone);
            assertThat(IntStream.of(alone).distinct().count()).isGreaterThan(1);
        }
    }

    private static void decode(StepPlan plan, int slot, int[] prompt) {
        for (int i = 0; i < prompt.length; i++) {
            plan.token(slot, prompt[i], i, i == prompt.length - 1);
        }
    }

    @Test
    void samplesThatPartGoOnWithTheirOwnTokens() {
        List<Job> jobs = jobs(Jobs.params(40, 0.9, 4));
        List<Choice> following = choices(jobs, FOLLOWING);
        int rowsFollowing = rows;
        List<Choice> alone = choices(jobs, ALONE);

        assertThat(rowsFollowing).isLessThan(rows);
        assertThat(following).hasSameSizeAs(alone);
        assertThat(following)
                .extracting(Choice::seed)
                .containsExactlyElementsOf(alone.stream().map(Choice::seed).toList());
        assertThat(following.stream().map(Choice::text).distinct().count()).isGreaterThan(jobs.size() * 2L);
        // Rows differ in their last bits when a step has another number of them, and few tokens by that.
        assertThat(following.stream().filter(alone::contains).count()).isGreaterThan(alone.size() / 3);
    }

    @Test
    void equalSamplesCostTheRowsOfOne() {
        List<Choice> following = choices(jobs(Jobs.params(40, 0, 4)), FOLLOWING);
        int rowsOfFour = rows;
        List<Choice> one = choices(jobs(Jobs.params(40, 0, 1)), FOLLOWING);

        assertThat(following.stream().map(Choice::text).distinct())
                .containsExactlyElementsOf(
                        one.stream().map(Choice::text).distinct().toList());
        assertThat(rowsOfFour).isLessThan(rows * 5 / 4);
    }

    private List<Choice> choices(List<Job> jobs, DecodeSettings settings) {
        try (LlamaEngine engine = LlamaEngine.open(CONFIG)) {
            CountingEngine counting = new CountingEngine(engine);
            Answers answers = Answers.of(counting, jobs, settings);
            rows = counting.rows;
            return jobs.stream()
                    .flatMap(job -> answers.choices(job.id().index()).stream())
                    .toList();
        }
    }

    private static List<Job> jobs(SamplingParams params) {
        List<Job> jobs = new ArrayList<>();
        for (String topic : List.of("a dog", "the sea", "rain in May", "an old clock", "bread", "a letter")) {
            jobs.add(Jobs.job(
                    jobs.size(),
                    List.of(new Message(Message.USER, "Tell me a short story about " + topic + ".")),
                    params));
        }
        return jobs;
    }

    private static final class CountingEngine implements Engine {
        private final Engine engine;
        private int rows;

        private CountingEngine(Engine engine) {
            this.engine = engine;
        }

        @Override
        public EngineInfo info() {
            return engine.info();
        }

        @Override
        public Tokenizer tokenizer() {
            return engine.tokenizer();
        }

        @Override
        public void seat(int slot, SamplingParams params, long seed, int[] prompt) {
            engine.seat(slot, params, seed, prompt);
        }

        @Override
        public boolean savesCells() {
            return engine.savesCells();
        }

        @Override
        public SavedCells save(int slot, int from, int to) {
            return engine.save(slot, from, to);
        }

        @Override
        public void step(StepPlan plan, int[] out) {
            rows += plan.tokenCount();
            engine.step(plan, out);
        }

        @Override
        public Scores scores(int slot) {
            return engine.scores(slot);
        }

        @Override
        public void close() {
            engine.close();
        }
    }
}
