package io.millrace.worker.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random loads: prompts of few families, samples, adapters, cancellations and failing steps. Rerun one with -Dseed=. */
class SchedulerPropertyTest {

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyScheduleKeepsTheInvariants(long seed) {
        new Load(new Random(seed)).run();
    }

    static LongStream seeds() {
        Long seed = Long.getLong("seed");
        return seed == null ? LongStream.rangeClosed(1, 150) : LongStream.of(seed);
    }

    private static final class Load {
        private static final int JOBS = 120;

        private final Random random;
        private final int slots;
        private final int sequences;
        private final int slotTokens;
        private final PrefixCache prefixes;
        private final List<CopiedCells> saved = new ArrayList<>();
        private final Scheduler scheduler;
        private final SchedulerInvariants invariants;
        private final ModelledCache cache;
        private final StepPlan plan = new StepPlan();
        private final List<int[]> heads = new ArrayList<>();
        private final List<Sequence> live = new ArrayList<>();
        private final double failures;
        private final int adapters;
        /** Of so many different tokens; few make samples follow one another for long. */
        private final int tokensDrawn;

        private long ticket;
        private int added;

        Load(Random random) {
            this.random = random;
            this.slots = 1 + random.nextInt(12);
            this.slotTokens = 64 + random.nextInt(192);
            int stepTokens = slots + random.nextInt(100);
            // Some hold a few prompts, some all.
            this.prefixes = new PrefixCache(random.nextInt(4) * 300L * (1 + random.nextInt(20)));
            this.sequences = slots == 1 ? 1 : slots * (1 + random.nextInt(4));
            this.scheduler = new Scheduler(
                    slots, sequences, slotTokens, stepTokens, 1 + random.nextInt(40), 1 + random.nextInt(16), prefixes);
            this.cache = new ModelledCache(sequences, slotTokens, stepTokens);
            this.invariants = new SchedulerInvariants(scheduler, cache, slots, sequences, slotTokens);
            this.failures = random.nextBoolean() ? 0 : 0.05;
            this.adapters = random.nextBoolean() ? 1 : 2 + random.nextInt(3);
            this.tokensDrawn = random.nextBoolean() ? 1 + random.nextInt(3) : 1000;
            for (int i = 0; i < 4; i++) {
                heads.add(tokens(random.nextInt(slotTokens / 2)));
            }
        }

        void run() {
            int jobs = 0;
            int steps = 0;
            while (jobs < JOBS || !scheduler.idle()) {
                while (jobs < JOBS && random.nextInt(3) > 0) {
                    addJob();
                    jobs++;
                }
                if (!live.isEmpty() && random.nextInt(20) == 0) {
                    remove(live.get(random.nextInt(live.size())));
                }
                boolean idle = scheduler.idle();
                assertThat(step()).as("something runs unless idle").isEqualTo(!idle);
                invariants.check();
                assertThat(steps++).as("steps").isLessThan(100_000);
            }
            assertThat(invariants.ended()).isEqualTo(added);
            assertThat(invariants.followed() == 0 || slots > 1).isTrue();
            plan.clear();
            prefixes.clear();
            assertThat(saved).allMatch(CopiedCells::freed);
        }

        private void addJob() {
            int[] head = heads.get(random.nextInt(heads.size()));
            int[] tail = tokens(1 + random.nextInt(Math.max(1, slotTokens - head.length - 20)));
            int[] prompt = new int[head.length + tail.length];
            System.arraycopy(head, 0, prompt, 0, head.length);
            System.arraycopy(tail, 0, prompt, head.length, tail.length);
            int samples = random.nextInt(3) == 0 ? 1 + random.nextInt(6) : 1;
            int maxTokens = 1 + random.nextInt(slotTokens - prompt.length);
            int adapter = random.nextInt(adapters);
            boolean follows = random.nextInt(3) > 0;
            ticket++;
            for (int sample = 0; sample < samples; sample++) {
                Sequence sequence = new Sequence(ticket, sample, prompt, maxTokens, adapter, follows);
                scheduler.add(sequence);
                invariants.onAdded(sequence);
                live.add(sequence);
                added++;
            }
        }

        private boolean step() {
            plan.clear();
            scheduler.seatWaiting(plan);
            invariants.onSeated();
            if (!scheduler.fill(plan)) {
                return false;
            }
            if (random.nextDouble() < failures) {
                lose();
                return true;
            }
            scheduler.stepped();
            invariants.onStepped(plan);
            for (SavedPrefix prefix : scheduler.savePrefixes(cache::save)) {
                saved.add((CopiedCells) prefix.cells());
                prefix.cells().release();
            }
            int draw = 0;
            for (int i = 0; i < plan.tokenCount(); i++) {
                int attended = cache.content(plan.slot(i)).length;
                for (int left = plan.draws(i); left > 0; left--) {
                    drawn(plan.drawSlot(draw++), attended);
                }
            }
            return true;
        }

        private void drawn(int slot, int attended) {
            Sequence sequence = occupant(slot);
            int generated = attended - sequence.prompt().length + 1;
            if (generated == sequence.maxTokens() || random.nextInt(10) == 0) {
                remove(sequence);
            } else {
                int token = random.nextInt(tokensDrawn);
                scheduler.generated(slot, token);
                invariants.onGenerated(sequence, token);
            }
        }

        private void lose() {
            for (int i = 0; i < plan.operationCount(); i++) {
                lose(plan.operationSlot(i));
            }
            for (int i = 0; i < plan.tokenCount(); i++) {
                lose(plan.slot(i));
            }
        }

        private void lose(int slot) {
            List<Long> tickets = live.stream()
                    .filter(s -> s.running() && s.slot() == slot)
                    .map(Sequence::ticket)
                    .toList();
            live.stream().filter(s -> tickets.contains(s.ticket())).toList().forEach(this::remove);
            scheduler.invalidate(slot);
            cache.lose(slot);
        }

        private Sequence occupant(int slot) {
            return live.stream()
                    .filter(s -> s.running() && s.slot() == slot)
                    .findFirst()
                    .orElseThrow();
        }

        private void remove(Sequence sequence) {
            scheduler.remove(sequence);
            invariants.onRemoved(sequence);
            live.remove(sequence);
        }

        private int[] tokens(int count) {
            // Few different tokens, so that prompts share prefixes by chance as well.
            return random.ints(count, 0, 3).toArray();
        }
    }
}
