package io.millrace.worker.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.job.SamplingParams;
import io.millrace.worker.decode.EngineException;
import io.millrace.worker.llama.TestFiles.Task;
import io.millrace.worker.schedule.StepPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass(name = "unified cache: {0}")
@ValueSource(booleans = {false, true})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LlamaEngineTest {
    private static final int SLOTS = 16;
    private static final LlamaEngineConfig CONFIG = LlamaEngineConfig.of(TestFiles.TINY_CHATML)
            .withSlots(SLOTS, 500, 256)
            .withThreads(1, 1, 1);
    private static final SamplingParams GREEDY = params(0, 0, 1, 0, Map.of());
    private static final SamplingParams WARM = params(1.2, 0, 0.98, 0, Map.of());
    private static final List<Task> TASKS = TestFiles.tasks();

    @Parameter
    private boolean unified;

    private LlamaEngine engine;

    @BeforeAll
    void open() {
        engine = LlamaEngine.open(CONFIG.withKvUnified(unified));
    }

    @AfterAll
    void close() {
        engine.close();
    }

    @Test
    void itSaysWhatItHasLoaded() {
        assertThat(engine.info().modelFile()).isEqualTo("tiny-chatml-q8_0.gguf");
        assertThat(engine.info().modelSha256()).matches("[0-9a-f]{64}");
        assertThat(engine.info().quantization()).isEqualTo("Q8_0");
        assertThat(engine.info().parameters()).isBetween(6_900_000L, 7_000_000L);
        assertThat(engine.info().trainedContextTokens()).isEqualTo(1024);
        assertThat(engine.info().ropeFreqBase()).isEqualTo(1e6);
        assertThat(engine.info().slotTokens()).as("500 rounded up").isEqualTo(512);
        assertThat(engine.info().kvBytes()).as("8 layers, 2 x 256 numbers").isEqualTo(8L * 512 * 2 * SLOTS * 512);
        assertThat(engine.info().engine()).startsWith("llama.cpp 0.5.0");
        assertThat(engine.info().backend()).contains("CPU").contains("libggml-cpu-");
        assertThat(engine.info().template()).isEqualTo("chatml");
    }

    @Test
    void withoutAWishSlotsHaveTheModelsContextButAtMost2048Tokens() {
        LlamaEngineConfig config = LlamaEngineConfig.of(TestFiles.TINY_CHATML).withSlots(2, 0, 64);
        try (LlamaEngine unwished = LlamaEngine.open(config)) {
            assertThat(unwished.info().slotTokens()).isEqualTo(1024);
            assertThat(unwished.info().kvBytes()).isEqualTo(8L * 512 * 2 * 2 * 1024);
        }
        assertThat(config.fittedTo(16_384).slotTokens()).isEqualTo(2048);
        assertThat(config.fittedTo(1000).slotTokens())
                .as("no more than trained")
                .isEqualTo(768);
        assertThat(config.fittedTo(100).slotTokens()).isEqualTo(256);
        assertThat(config.fittedTo(0).slotTokens()).as("unknown").isEqualTo(2048);
        assertThat(config.withSlots(2, 300, 64).fittedTo(1024).slotTokens()).isEqualTo(512);
    }

    @Test
    void aPromptAloneIsAnsweredExactly() {
        for (Task task : TASKS) {
            List<List<Integer>> answers =
                    new SlotDriver(engine).seat(0, prompt(task), GREEDY, 1).run(128);
            assertThat(SlotDriver.text(engine, answers.get(0))).as(task.id()).isEqualTo(task.reference());
        }
    }

    @Test
    void aFullBatchIsAnsweredExactly() {
        SlotDriver driver = new SlotDriver(engine);
        for (int slot = 0; slot < SLOTS; slot++) {
            driver.seat(slot, prompt(TASKS.get(slot)), GREEDY, 1);
        }
        List<List<Integer>> answers = driver.run(128);
        for (int slot = 0; slot < SLOTS; slot++) {
            assertThat(SlotDriver.text(engine, answers.get(slot)))
                    .as(TASKS.get(slot).id())
                    .isEqualTo(TASKS.get(slot).reference());
        }
    }

    @Test
    void aCopiedPrefixGivesTheAnswerOfAPlainPrefill() {
        Task donor = TASKS.get(3);
        new SlotDriver(engine).seat(5, prompt(donor), GREEDY, 1).run(128);
        for (Task task : TASKS) {
            int[] prompt = prompt(task);
            int shared = Math.min(prompt.length - 1, commonPrefix(prompt, prompt(donor)));
            assertThat(shared).isGreaterThan(2);
            // In the same step slot 5 goes on to something else, after the copy.
            List<List<Integer>> answers = new SlotDriver(engine)
                    .seat(2, 5, shared, prompt, GREEDY, 1)
                    .seat(5, 5, shared, prompt(donor), GREEDY, 1)
                    .run(128);
            assertThat(SlotDriver.text(engine, answers.get(0))).as(task.id()).isEqualTo(task.reference());
            assertThat(SlotDriver.text(engine, answers.get(1))).as("the donor").isEqualTo(donor.reference());
        }
    }

    @Test
    void aWholePromptIsSharedBySamples() {
        for (Task task : TASKS.subList(0, 5)) {
            int[] prompt = prompt(task);
            new SlotDriver(engine).seat(0, prompt, GREEDY, 1).run(1);
            SlotDriver driver = new SlotDriver(engine).seat(0, 0, prompt.length - 1, prompt, GREEDY, 1);
            for (int slot = 1; slot < 4; slot++) {
                driver.seat(slot, 0, prompt.length - 1, prompt, GREEDY, 1);
            }
            driver.run(128)
                    .forEach(answer -> assertThat(SlotDriver.text(engine, answer))
                            .as(task.id())
                            .isEqualTo(task.reference()));
        }
    }

    @Test
    void theSameSeedDrawsTheSameTokensAndAnotherSeedOthers() {
        int[] prompt = SlotDriver.prompt(engine, "Tell me a short story about a dog.");
        List<Integer> first =
                new SlotDriver(engine).seat(0, prompt, WARM, 42).run(60).get(0);
        List<Integer> again =
                new SlotDriver(engine).seat(0, prompt, WARM, 42).run(60).get(0);
        List<Integer> other =
                new SlotDriver(engine).seat(0, prompt, WARM, 43).run(60).get(0);
        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
    }

    @Test
    void aSlotsDrawsDoNotDependOnTheSeedsOfOthers() {
        int[] prompt = SlotDriver.prompt(engine, "Tell me a short story about a dog.");
        List<Integer> first = twoSlots(prompt, 100).get(0);
        assertThat(twoSlots(prompt, 200).get(0)).isEqualTo(first);
    }

    private List<List<Integer>> twoSlots(int[] prompt, long seedOfSecond) {
        return new SlotDriver(engine)
                .seat(0, prompt, WARM, 42)
                .seat(1, prompt, WARM, seedOfSecond)
                .run(8);
    }

    @Test
    void bannedTokensAreNotDrawn() {
        Task task = TASKS.get(0);
        int first = new SlotDriver(engine)
                .seat(0, prompt(task), GREEDY, 1)
                .run(1)
                .get(0)
                .get(0);
        SamplingParams banning = params(0, 0, 1, 0, Map.of(first, -100.0));
        assertThat(new SlotDriver(engine)
                        .seat(0, prompt(task), banning, 1)
                        .run(20)
                        .get(0))
                .doesNotContain(first);
    }

    @Test
    void aWrongPlanIsRefusedBeforeNativeCodeSeesIt() {
        assertRefused("a step of 0 tokens", plan -> {});
        assertRefused("slot 16 of 16", plan -> plan.token(16, 1, 0, true));
        assertRefused("slot -1 of 16", plan -> {
            plan.keep(-1, 0, 0);
            plan.token(0, 1, 0, true);
        });
        assertRefused("token 2048 in slot 0", plan -> plan.token(0, 2048, 0, true));
        assertRefused("position 3 in slot 0, which holds 0", plan -> {
            plan.keep(0, 0, 0);
            plan.token(0, 1, 3, true);
        });
        assertRefused("to keep 9 cells of slot 1, which holds 0", plan -> {
            plan.keep(1, 1, 0);
            plan.keep(0, 1, 9);
            plan.token(0, 1, 9, true);
        });
        assertRefused("after slot 1's", plan -> {
            plan.keep(0, 0, 0);
            plan.keep(1, 1, 0);
            plan.token(1, 1, 0, true);
            plan.token(0, 1, 0, true);
        });
        assertRefused("not slot 0's last", plan -> {
            plan.keep(0, 0, 0);
            plan.token(0, 1, 0, true);
            plan.token(0, 1, 1, true);
        });
        assertRefused("a step of 257 tokens", plan -> {
            plan.keep(0, 0, 0);
            for (int i = 0; i < 257; i++) {
                plan.token(0, 1, i, i == 256);
            }
        });
    }

    private void assertRefused(String words, Consumer<StepPlan> filling) {
        StepPlan plan = new StepPlan();
        filling.accept(plan);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.step(plan, new int[SLOTS]))
                .withMessageContaining(words);
    }

    @Test
    void aSlotCanBeFilledToItsLastCellAndNoFurther() {
        int[] prompt = new int[512];
        Arrays.fill(prompt, 300);
        assertThat(new SlotDriver(engine).seat(7, prompt, GREEDY, 1).run(1)).hasSize(1);
        StepPlan plan = new StepPlan();
        plan.token(7, 300, 512, true);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.step(plan, new int[SLOTS]))
                .withMessageContaining("512 of 512 cells");
    }

    @Test
    void paramsThatDoNotGoWithTheVocabularyAreRefused() {
        assertThatThrownBy(() -> engine.seat(0, params(1, 0, 1, 0, Map.of(9999, 1.0)), 1, new int[] {1}))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("logit_bias names token 9999")
                .hasMessageContaining("0 to 2047");
    }

    @Test
    void aMissingModelFileIsNamed() {
        LlamaEngineConfig config = LlamaEngineConfig.of(Path.of("nowhere.gguf"));
        assertThatThrownBy(() -> LlamaEngine.open(config))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("nowhere.gguf")
                .hasMessageContaining("--model");
    }

    @Test
    void aFileThatIsNoModelOrCutShortIsRefusedWithTheReason(@TempDir Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("text.gguf"), "not a model");
        assertThatThrownBy(() -> LlamaEngine.open(LlamaEngineConfig.of(text)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("not GGUF");
        byte[] whole = Files.readAllBytes(TestFiles.TINY_CHATML);
        Path half = Files.write(folder.resolve("half.gguf"), Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> LlamaEngine.open(LlamaEngineConfig.of(half)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("half.gguf")
                .hasMessageContaining("cut short");
    }

    @Test
    void aModelFileWithAnotherDigestIsNotLoaded() {
        LlamaEngineConfig config = LlamaEngineConfig.of(TestFiles.TINY_CHATML);
        String other = "0".repeat(64);
        assertThatThrownBy(() -> LlamaEngine.open(config.withSha256(other)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(other)
                .hasMessageContaining("--model-sha256")
                .hasMessageContaining(engine.info().modelSha256());
        LlamaEngine.open(config.withSha256(engine.info().modelSha256().toUpperCase(Locale.ROOT)))
                .close();
    }

    @Test
    void aQuantisedCacheAnswersTheSame() {
        LlamaEngineConfig config = new LlamaEngineConfig(
                CONFIG.model(),
                2,
                256,
                64,
                1,
                1,
                1,
                -1,
                0,
                CONFIG.backendDir(),
                KvType.Q8_0,
                unified,
                Optional.empty(),
                List.of());
        try (LlamaEngine quantised = LlamaEngine.open(config)) {
            assertThat(quantised.info().kvBytes()).isEqualTo(8L * 512 * 34 / 32 * 2 * 256);
            Task task = TASKS.get(0);
            List<List<Integer>> answers =
                    new SlotDriver(quantised).seat(0, prompt(task), GREEDY, 1).run(64);
            assertThat(SlotDriver.text(quantised, answers.get(0))).isEqualTo(task.reference());
        }
    }

    private int[] prompt(Task task) {
        return SlotDriver.prompt(engine, task.prompt());
    }

    private static int commonPrefix(int[] a, int[] b) {
        int mismatch = Arrays.mismatch(a, b);
        return mismatch < 0 ? a.length : mismatch;
    }

    private static SamplingParams params(
            double temperature, int topK, double topP, double minP, Map<Integer, Double> bias) {
        return new SamplingParams(
                64, temperature, topK, topP, minP, 1, 64, 0, 0, bias, OptionalLong.empty(), List.of(), 1, false);
    }
}
