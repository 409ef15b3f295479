package io.millrace.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Runs seeds: {@code -Dseeds=N} how many, {@code -Dseed=S} one alone. A failure names its seed.
 */
class SimulationTest {
    private static final int DEFAULT_SEEDS = 2_000;

    @Test
    void everyGuaranteeHoldsForEverySeed() {
        Long one = Long.getLong("seed");
        int count = Integer.getInteger("seeds", DEFAULT_SEEDS);
        LongStream seeds = one != null ? LongStream.of(one) : LongStream.range(0, count);

        long[] totals = new long[3];
        seeds.forEach(seed -> {
            try {
                World world = new World(seed);
                world.run();
                totals[0]++;
                totals[1] += world.resultCount();
                totals[2] += world.faults;
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + " fails: " + e.getMessage() + "; replay with -Dseed=" + seed, e);
            }
        });

        System.out.printf("simulated runs %d, results %d, faults %d%n", totals[0], totals[1], totals[2]);
        assertThat(totals[1]).isPositive();
    }
}
