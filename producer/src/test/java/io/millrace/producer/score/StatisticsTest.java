package io.millrace.producer.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatisticsTest {

    @Test
    void passAtKIsThePublishedEstimatorForAllSmallCounts() {
        for (int n = 1; n <= 40; n++) {
            for (int c = 0; c <= n; c++) {
                for (int k = 1; k <= n; k++) {
                    double expected = 1
                            - new BigDecimal(choose(n - c, k))
                                    .divide(new BigDecimal(choose(n, k)), MathContext.DECIMAL128)
                                    .doubleValue();
                    assertThat(PassAtK.estimate(n, c, k))
                            .as("n=%d c=%d k=%d", n, c, k)
                            .isCloseTo(expected, within(1e-12));
                }
            }
        }
    }

    @Test
    void passAtKOfKnownCounts() {
        assertThat(PassAtK.estimate(1, 1, 1)).isEqualTo(1);
        assertThat(PassAtK.estimate(200, 0, 100)).isZero();
        assertThat(PassAtK.estimate(5, 2, 1)).isCloseTo(0.4, within(1e-12));
        assertThat(PassAtK.estimate(5, 2, 2)).isCloseTo(0.7, within(1e-12));
        assertThat(PassAtK.estimate(10, 3, 5)).isCloseTo(11.0 / 12, within(1e-12));
        assertThat(PassAtK.estimate(200, 1, 100)).isCloseTo(0.5, within(1e-12));
        assertThat(PassAtK.estimate(100_000, 40_000, 1)).isCloseTo(0.4, within(1e-9));
    }

    @Test
    void fewerSamplesThanKAreRefused() {
        assertThatThrownBy(() -> PassAtK.estimate(3, 1, 5)).hasMessageContaining("n=3 c=1 k=5");
        assertThatThrownBy(() -> PassAtK.estimate(3, 4, 1)).hasMessageContaining("c=4");
    }

    @Test
    void mcNemarGivesTheBinomialTail() {
        assertThat(McNemar.pValue(0, 0)).isEqualTo(1);
        assertThat(McNemar.pValue(5, 5)).isEqualTo(1);
        assertThat(McNemar.pValue(0, 5)).isCloseTo(2.0 / 32, within(1e-15));
        assertThat(McNemar.pValue(1, 9)).isCloseTo(2.0 * 11 / 1024, within(1e-15));
        assertThat(McNemar.pValue(9, 1)).isEqualTo(McNemar.pValue(1, 9));
        assertThat(McNemar.pValue(2, 10)).isCloseTo(2.0 * (1 + 12 + 66) / 4096, within(1e-15));
    }

    @Test
    void mcNemarHoldsForThousandsOfTasks() {
        BigInteger tail = BigInteger.ZERO;
        for (int i = 0; i <= 980; i++) {
            tail = tail.add(choose(2_060, i));
        }
        double expected = new BigDecimal(tail.multiply(BigInteger.TWO))
                .divide(new BigDecimal(BigInteger.TWO.pow(2_060)), MathContext.DECIMAL128)
                .doubleValue();

        assertThat(McNemar.pValue(980, 1_080)).isCloseTo(expected, within(1e-9));
    }

    @Test
    void theSameSeedGivesTheSameInterval() {
        double[] scores = bernoulli(300, 0.6, 1);

        assertThat(new Bootstrap(7).mean(scores)).isEqualTo(new Bootstrap(7).mean(scores));
        assertThat(new Bootstrap(7).mean(scores)).isNotEqualTo(new Bootstrap(8).mean(scores));
    }

    @Test
    void theIntervalIsAboutThatOfTheNormalApproximation() {
        double[] scores = bernoulli(1_000, 0.5, 2);

        Interval interval = new Bootstrap(10_000, 0.95, 3).mean(scores);

        double p = interval.mean();
        double half = 1.96 * Math.sqrt(p * (1 - p) / scores.length);
        assertThat(interval.low()).isCloseTo(p - half, within(0.003));
        assertThat(interval.high()).isCloseTo(p + half, within(0.003));
    }

    @Test
    void ninetyFiveOfAHundredIntervalsHoldTheTruth() {
        int held = 0;
        for (int i = 0; i < 400; i++) {
            Interval interval = new Bootstrap(500, 0.95, i).mean(bernoulli(100, 0.7, 1_000 + i));
            held += interval.low() <= 0.7 && 0.7 <= interval.high() ? 1 : 0;
        }

        assertThat(held).isBetween(360, 396);
    }

    @Test
    void equalScoresHaveAnIntervalOfNoWidth() {
        assertThat(new Bootstrap(1).mean(new double[] {1, 1, 1})).isEqualTo(new Interval(1, 1, 1));
        assertThat(new Bootstrap(1).mean(new double[] {0.25})).isEqualTo(new Interval(0.25, 0.25, 0.25));
        assertThatThrownBy(() -> new Bootstrap(1).mean(new double[0])).hasMessageContaining("no task");
    }

    @Test
    void pairsShowADifferenceThatTwoIntervalsHide() {
        double[] easy = bernoulli(400, 0.5, 4);
        double[] better = easy.clone();
        for (int i = 0, gained = 0; gained < 20; i++) {
            if (better[i] == 0) {
                better[i] = 1;
                gained++;
            }
        }

        Difference difference = new Bootstrap(5).difference(better, easy);

        assertThat(difference.interval().mean()).isCloseTo(0.05, within(1e-12));
        assertThat(difference.interval().low()).isPositive();
        assertThat(difference.pValue()).isEqualTo(2.0 / Bootstrap.DEFAULT_RESAMPLES);
        assertThat(new Bootstrap(5).mean(easy).high())
                .as("the intervals overlap")
                .isGreaterThan(new Bootstrap(5).mean(better).low());
    }

    @Test
    void aPointDoesNotDifferFromItself() {
        double[] scores = bernoulli(50, 0.5, 6);

        assertThat(new Bootstrap(1).difference(scores, scores)).isEqualTo(new Difference(new Interval(0, 0, 0), 1));
        assertThatThrownBy(() -> new Bootstrap(1).difference(scores, new double[3]))
                .hasMessageContaining("50 and 3");
    }

    private static double[] bernoulli(int count, double chance, long seed) {
        Random random = new Random(seed);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextDouble() < chance ? 1 : 0;
        }
        return values;
    }

    private static BigInteger choose(int n, int k) {
        BigInteger result = BigInteger.ONE;
        if (k > n) {
            return BigInteger.ZERO;
        }
        for (int i = 0; i < k; i++) {
            result = result.multiply(BigInteger.valueOf(n - i)).divide(BigInteger.valueOf(i + 1));
        }
        return result;
    }
}
