package io.millrace.worker.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.job.SamplingParams;
import io.millrace.worker.decode.EngineException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Draws of the native sampler against exact probabilities. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SamplerTest {
    /** No multiple of a block, so that the ends of rows are met. */
    private static final int VOCABULARY = 547;

    private static final int DRAWS = 200_000;
    private static final long SEED = 20261123;
    /** Standard deviations of chi-squared; by chance one run in a million is beyond. */
    private static final double FAR = 5;
    /** Fewer expected draws than this make a bin of chi-squared unreliable. */
    private static final double LEAST_EXPECTED = 8;

    private static final float[] LOGITS = logits(VOCABULARY, 3, 1);
    private static final float[] FLAT = logits(VOCABULARY, 0.3, 2);
    private static final int[] PROMPT = prompt();

    record Setting(String name, float[] logits, SamplingParams params) {
        @Override
        public String toString() {
            return name;
        }
    }

    private SlotSamplers samplers;

    @BeforeAll
    void make() {
        assertThat(TestFiles.RUNTIME.version()).startsWith("llama.cpp");
        samplers = new SlotSamplers(2, VOCABULARY, 1);
    }

    @AfterAll
    void free() {
        samplers.close();
    }

    static List<Setting> settings() {
        Map<Integer, Double> bias = new HashMap<>(Map.of(best(LOGITS, 0), -100.0, best(LOGITS, 5), 2.5, 17, 11.0));
        return List.of(
                new Setting("the defaults", LOGITS, SamplingParams.DEFAULTS),
                new Setting("temperature alone", LOGITS, params(1, 0, 1, 0)),
                new Setting("temperature alone, flat", FLAT, params(0.7, 0, 1, 0)),
                new Setting("a high temperature", LOGITS, params(2.5, 0, 1, 0)),
                new Setting("top-k alone", LOGITS, params(1, 50, 1, 0)),
                new Setting("a large top-k", FLAT, params(1.3, 190, 1, 0)),
                new Setting("top-p without top-k", LOGITS, params(1, 0, 0.9, 0)),
                new Setting("top-p without top-k, flat", FLAT, params(1, 0, 0.9, 0)),
                new Setting("min-p without top-k", LOGITS, params(1.5, 0, 1, 0.01)),
                new Setting("top-p and min-p without top-k", FLAT, params(0.9, 0, 0.6, 0.3)),
                new Setting("penalties over 64", LOGITS, penalties(0.9, 40, 0.95, 0.05, 64, Map.of())),
                new Setting("penalties over all", LOGITS, penalties(1.1, 0, 0.97, 0, -1, Map.of())),
                new Setting("logit bias", LOGITS, penalties(1, 0, 1, 0, 0, bias)),
                new Setting("bias, penalties and top-k", LOGITS, penalties(1, 100, 0.99, 0.001, 20, bias)));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void drawsHaveTheDistributionThatTheParametersSay(Setting setting) {
        double[] expected = ExactSampler.probabilities(setting.logits(), setting.params(), PROMPT);
        assertThat(deviation(draw(setting.params(), setting.logits()), expected))
                .isLessThan(FAR);
    }

    @Test
    void theTestWouldSeeAWrongTemperatureOrCut() {
        int[] tokens = draw(params(1, 0, 0.9, 0), LOGITS);
        assertThat(deviation(tokens, ExactSampler.probabilities(LOGITS, params(1.03, 0, 0.9, 0), PROMPT)))
                .isGreaterThan(FAR);
        assertThat(deviation(tokens, ExactSampler.probabilities(LOGITS, params(1, 0, 0.91, 0), PROMPT)))
                .isGreaterThan(FAR);
    }

    @Test
    void greedyTakesTheBestAndOfEqualsTheFirst() {
        float[] row = logits(VOCABULARY, 1, 3);
        row[300] = 9;
        row[500] = 9;
        assertThat(drawOne(params(0, 40, 0.9, 0.1), row)).isEqualTo(300);
        assertThat(drawOne(params(1, 1, 0.9, 0.1), row)).isEqualTo(300);
        row[VOCABULARY - 1] = 10;
        assertThat(drawOne(params(0, 0, 1, 0), row)).isEqualTo(VOCABULARY - 1);
    }

    @Test
    void penaltiesSeeEachDrawnToken() {
        SamplingParams params = penalties(0, 0, 1, 0, 12, Map.of());
        List<Integer> seen = new ArrayList<>(Arrays.stream(PROMPT).boxed().toList());
        samplers.seat(0, params, SEED, PROMPT);
        int[] tokens = new int[200];
        samplers.draw(0, LOGITS, tokens, true);
        for (int token : tokens) {
            double[] penalized =
                    IntStream.range(0, VOCABULARY).mapToDouble(i -> LOGITS[i]).toArray();
            ExactSampler.penalize(
                    penalized, params, seen.stream().mapToInt(Integer::intValue).toArray());
            assertThat(token)
                    .isEqualTo(IntStream.range(0, VOCABULARY)
                            .boxed()
                            .reduce((a, b) -> penalized[b] > penalized[a] + 1e-6 ? b : a)
                            .orElseThrow());
            seen.add(token);
        }
        assertThat(Arrays.stream(tokens).distinct().count()).isGreaterThan(6);
    }

    @Test
    void aSlotsDrawsDependOnItsSeedAlone() {
        SamplingParams params = params(1, 40, 0.95, 0.05);
        int[] first = draw(params, LOGITS);
        samplers.seat(1, params, SEED, PROMPT);
        int[] inOtherSlot = new int[DRAWS];
        samplers.draw(1, LOGITS, inOtherSlot, false);
        assertThat(inOtherSlot).isEqualTo(first);
        samplers.seat(1, params, SEED + 1, PROMPT);
        int[] withOtherSeed = new int[DRAWS];
        samplers.draw(1, LOGITS, withOtherSeed, false);
        assertThat(withOtherSeed).isNotEqualTo(first);
    }

    @Test
    void neighbouringSeedsAreIndependent() {
        int[] tokens = new int[DRAWS];
        int[] one = new int[1];
        SamplingParams params = params(1, 0, 1, 0);
        for (int i = 0; i < DRAWS; i++) {
            samplers.seat(0, params, i, PROMPT);
            samplers.draw(0, LOGITS, one, false);
            tokens[i] = one[0];
        }
        assertThat(deviation(tokens, ExactSampler.probabilities(LOGITS, params, PROMPT)))
                .isLessThan(FAR);
    }

    @Test
    void aRowWithoutAFiniteLogitGivesNoTokenAndDoesNotCrash() {
        float[] row = new float[VOCABULARY];
        for (float value : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY}) {
            Arrays.fill(row, value);
            for (Setting setting : settings()) {
                assertThat(drawOne(setting.params(), row))
                        .as("%s of %s", setting, value)
                        .isEqualTo(-1);
            }
        }
    }

    @Test
    void tokensThatAreNotNumbersAreNotDrawn() {
        float[] row = new float[VOCABULARY];
        Arrays.fill(row, Float.NaN);
        row[434] = -5;
        row[435] = Float.NEGATIVE_INFINITY;
        for (Setting setting : settings()) {
            assertThat(drawOne(setting.params(), row)).as(setting.name()).isEqualTo(434);
        }
    }

    @Test
    void banningEveryTokenIsRefused() {
        Map<Integer, Double> all = new HashMap<>();
        IntStream.range(0, VOCABULARY).forEach(id -> all.put(id, -100.0));
        assertThatThrownBy(() -> samplers.seat(0, penalties(1, 0, 1, 0, 0, all), SEED, PROMPT))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("bans all 547 tokens");
    }

    private int[] draw(SamplingParams params, float[] row) {
        samplers.seat(0, params, SEED, PROMPT);
        int[] tokens = new int[DRAWS];
        samplers.draw(0, row, tokens, false);
        return tokens;
    }

    private int drawOne(SamplingParams params, float[] row) {
        samplers.seat(0, params, SEED, PROMPT);
        int[] token = new int[1];
        samplers.draw(0, row, token, false);
        return token[0];
    }

    /** How many standard deviations chi-squared lies above its mean; infinite for a draw that cannot be. */
    private static double deviation(int[] tokens, double[] expected) {
        int[] counts = new int[expected.length];
        for (int token : tokens) {
            counts[token]++;
        }
        double statistic = 0;
        double restExpected = 0;
        int restCount = 0;
        int bins = 0;
        for (int i = 0; i < expected.length; i++) {
            if (expected[i] == 0 && counts[i] > 0) {
                return Double.POSITIVE_INFINITY;
            }
            double mean = expected[i] * tokens.length;
            if (mean < LEAST_EXPECTED) {
                restExpected += mean;
                restCount += counts[i];
                continue;
            }
            statistic += (counts[i] - mean) * (counts[i] - mean) / mean;
            bins++;
        }
        if (restExpected >= LEAST_EXPECTED) {
            statistic += (restCount - restExpected) * (restCount - restExpected) / restExpected;
            bins++;
        }
        assertThat(bins).isGreaterThan(3);
        int freedom = bins - 1;
        return (statistic - freedom) / Math.sqrt(2.0 * freedom);
    }

    private static float[] logits(int size, double spread, long seed) {
        Random random = new Random(seed);
        float[] row = new float[size];
        for (int i = 0; i < size; i++) {
            row[i] = (float) (random.nextGaussian() * spread);
        }
        return row;
    }

    /** The token of this rank, 0 the most likely. */
    private static int best(float[] row, int rank) {
        return IntStream.range(0, row.length)
                .boxed()
                .sorted((a, b) -> Float.compare(row[b], row[a]))
                .skip(rank)
                .findFirst()
                .orElseThrow();
    }

    /** Likely and unlikely tokens, some of them repeated. */
    private static int[] prompt() {
        int[] prompt = new int[90];
        for (int i = 0; i < prompt.length; i++) {
            prompt[i] = i % 3 == 0 ? best(LOGITS, i % 15) : (i * 31) % VOCABULARY;
        }
        return prompt;
    }

    private static SamplingParams params(double temperature, int topK, double topP, double minP) {
        return new SamplingParams(
                64, temperature, topK, topP, minP, 1, 0, 0, 0, Map.of(), OptionalLong.empty(), List.of(), 1, false);
    }

    private static SamplingParams penalties(
            double temperature, int topK, double topP, double minP, int lastN, Map<Integer, Double> bias) {
        return new SamplingParams(
                64,
                temperature,
                topK,
                topP,
                minP,
                1.3,
                lastN,
                0.4,
                0.2,
                bias,
                OptionalLong.empty(),
                List.of(),
                1,
                false);
    }
}
