package io.millrace.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Runs seeds: {@code -Dseeds=N} how many, {@code -Dseed=S} one alone. A failure names its seed.
 */
class SimulationTest {
    private static final int DEFAULT_SEEDS = 2_000;

    /** What came of seeds. */
    private record Totals(long runs, long results, long faults) {
        private Totals plus(Totals other) {
            return new Totals(runs + other.runs, results + other.results, faults + other.faults);
        }
    }

    @Test
    void everyGuaranteeHoldsForEverySeed() {
        Long one = Long.getLong("seed");
        int count = Integer.getInteger("seeds", DEFAULT_SEEDS);
        LongStream seeds = one != null ? LongStream.of(one) : LongStream.range(0, count);

        Totals totals = seeds.parallel().mapToObj(SimulationTest::run).reduce(new Totals(0, 0, 0), Totals::plus);

        System.out.printf(
                "simulated runs %d, results %d, faults %d%n", totals.runs(), totals.results(), totals.faults());
        assertThat(totals.results()).isPositive();
    }

    private static Totals run(long seed) {
        try {
            World world = new World(seed);
            world.run();
            return new Totals(1, world.resultCount(), world.faults);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + " fails: " + e.getMessage() + "; replay with -Dseed=" + seed, e);
        }
    }
}
