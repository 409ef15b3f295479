package io.millrace.worker.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What every schedule must keep: at most one sequence in a slot, reservations within a slot, cells in no more slots than
 * there are to be, each sequence out exactly once, nobody seated past one of the same adapter that could have been, steps of one adapter, and every draw is from a row
 * that attends to exactly prompt and answer of the sequence drawn for, computed with its own adapter.
 *
 * <p>Confined to one thread.
 */
final class SchedulerInvariants {
    private final Scheduler scheduler;
    private final ModelledCache cache;
    private final int slots;
    private final int slotTokens;
    /** Waiting sequences with the order of their arrival. */
    private final Map<Sequence, Integer> waiting = new LinkedHashMap<>();

    private final Map<Sequence, List<Integer>> answers = new HashMap<>();
    private final Sequence[] occupants;
    private int arrived;
    private int ended;
    private int rowsSampled;
    private int draws;

    SchedulerInvariants(Scheduler scheduler, ModelledCache cache, int slots, int sequences, int slotTokens) {
        this.scheduler = scheduler;
        this.cache = cache;
        this.slots = slots;
        this.slotTokens = slotTokens;
        this.occupants = new Sequence[sequences];
    }

    void onAdded(Sequence sequence) {
        waiting.put(sequence, arrived++);
        answers.put(sequence, new ArrayList<>());
    }

    void onSeated() {
        int last = -1;
        for (Sequence sequence : scheduler.seated()) {
            Integer order = waiting.remove(sequence);
            assertThat(order).as("%s was waiting", sequence).isNotNull();
            assertThat(occupants[sequence.slot()])
                    .as("occupant of slot %d", sequence.slot())
                    .isNull();
            assertThat(sequence.reservedTokens()).isLessThanOrEqualTo(slotTokens);
            occupants[sequence.slot()] = sequence;
            last = Math.max(last, order);
        }
        for (Map.Entry<Sequence, Integer> passedOver : waiting.entrySet()) {
            if (passedOver.getValue() < last
                    && passedOver.getKey().adapter()
                            == scheduler.seated().get(0).adapter()) {
                Sequence awaited = passedOver.getKey().awaited;
                assertThat(awaited).as("what %s waits for", passedOver.getKey()).isNotNull();
                assertThat(awaited.running()).isTrue();
            }
        }
    }

    void onStepped(StepPlan plan) {
        cache.apply(plan);
        assertThat(IntStream.range(0, occupants.length)
                        .filter(slot -> cache.content(slot).length > 0)
                        .count())
                .as("slots with cells")
                .isLessThanOrEqualTo(slots);
        Set<Sequence> drawn = new HashSet<>();
        for (int i = 0; i < plan.tokenCount(); i++) {
            Sequence sequence = occupants[plan.slot(i)];
            assertThat(sequence).as("occupant of slot %d", plan.slot(i)).isNotNull();
            assertThat(sequence.adapter()).isEqualTo(plan.adapter());
            for (int left = plan.draws(i); left > 0; left--) {
                Sequence drawnFor = occupants[plan.drawSlot(drawn.size())];
                assertThat(cache.content(plan.slot(i)))
                        .as("what %s attends to", drawnFor)
                        .isEqualTo(expected(drawnFor));
                assertThat(drawn.add(drawnFor))
                        .as("%s is drawn for once", drawnFor)
                        .isTrue();
            }
            rowsSampled += plan.sampled(i) ? 1 : 0;
        }
        draws += drawn.size();
    }

    void onGenerated(Sequence sequence, int token) {
        answers.get(sequence).add(token);
        assertThat(answers.get(sequence).size()).isLessThan(sequence.maxTokens());
    }

    void onRemoved(Sequence sequence) {
        waiting.remove(sequence);
        assertThat(answers.remove(sequence)).as("%s ends once", sequence).isNotNull();
        for (int slot = 0; slot < occupants.length; slot++) {
            if (occupants[slot] == sequence) {
                occupants[slot] = null;
            }
        }
        ended++;
    }

    /** To be called after every step. */
    void check() {
        long reserved = 0;
        int running = 0;
        for (Sequence occupant : occupants) {
            if (occupant != null) {
                running++;
                reserved += occupant.reservedTokens();
            }
        }
        assertThat(scheduler.running()).isEqualTo(running);
        assertThat(scheduler.waiting()).isEqualTo(waiting.size());
        assertThat(scheduler.reservedTokens()).isBetween(0L, Math.min(reserved, scheduler.capacityTokens()));
        assertThat(scheduler.idle()).isEqualTo(answers.isEmpty());
    }

    int ended() {
        return ended;
    }

    /** Draws that needed no row of their own. */
    int followed() {
        return draws - rowsSampled;
    }

    private int[] expected(Sequence sequence) {
        int[] prompt = sequence.prompt();
        List<Integer> answer = answers.get(sequence);
        int[] expected = Arrays.copyOf(prompt, prompt.length + answer.size());
        for (int i = 0; i < answer.size(); i++) {
            expected[prompt.length + i] = answer.get(i);
        }
        for (int i = 0; i < expected.length; i++) {
            expected[i] = ModelledCache.cell(expected[i], sequence.adapter());
        }
        return expected;
    }
}
