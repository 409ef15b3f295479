package io.millrace.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BacklogPlanTest {

    @Test
    void withoutABacklogNumbersAreEvenAndWhatIsOwnedStays() {
        SortedMap<String, SortedSet<Integer>> plan =
                BacklogPlan.of(Map.of("a", List.of(0, 1, 2, 3), "b", List.of()), all(6), Map.of());
        assertThat(plan.get("a")).containsExactly(0, 1, 2);
        assertThat(plan.get("b")).containsExactly(3, 4, 5);
    }

    @Test
    void anIdleWorkerTakesHalfOfTheRestOfABusyOne() {
        SortedMap<String, SortedSet<Integer>> plan = BacklogPlan.of(
                Map.of("a", List.of(0, 1, 2, 3), "b", List.of(4, 5)),
                all(6),
                Map.of(0, 100L, 1, 100L, 2, 100L, 3, 100L, 4, 0L, 5, 0L));
        assertThat(load(plan.get("a"), Map.of(0, 100L, 1, 100L, 2, 100L, 3, 100L)))
                .isEqualTo(200);
        assertThat(plan.get("b")).contains(4, 5).hasSize(4);
    }

    @Test
    void onePartitionThatHoldsEverythingStays() {
        Map<String, List<Integer>> owned = Map.of("a", List.of(0), "b", List.of(1));
        assertThat(BacklogPlan.of(owned, all(2), Map.of(0, 500L, 1, 0L)))
                .isEqualTo(BacklogPlan.of(owned, all(2), Map.of()));
    }

    @Test
    void everyPartitionHasOneMemberAndNoMoveMakesTheHighestLoadHigher() {
        Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            int partitions = 1 + random.nextInt(64);
            int members = 1 + random.nextInt(8);
            Map<String, Collection<Integer>> owned = new HashMap<>();
            IntStream.range(0, members).forEach(member -> owned.put("m" + member, new ArrayList<>()));
            Map<Integer, Long> backlog = new HashMap<>();
            for (int partition = 0; partition < partitions; partition++) {
                if (random.nextInt(5) > 0) {
                    owned.get("m" + random.nextInt(members)).add(partition);
                }
                backlog.put(partition, random.nextInt(3) == 0 ? random.nextInt(1_000) : 0L);
            }
            SortedMap<String, SortedSet<Integer>> plan = BacklogPlan.of(owned, all(partitions), backlog);
            List<Integer> given =
                    plan.values().stream().flatMap(Collection::stream).sorted().toList();
            assertThat(given).isEqualTo(all(partitions));
            assertThat(plan.keySet()).isEqualTo(new java.util.TreeSet<>(owned.keySet()));
            long total = load(all(partitions), backlog);
            long largest =
                    backlog.values().stream().mapToLong(jobs -> jobs).max().orElse(0);
            long before = owned.values().stream()
                    .mapToLong(has -> load(has, backlog))
                    .max()
                    .orElse(0);
            long after = plan.values().stream()
                    .mapToLong(has -> load(has, backlog))
                    .max()
                    .orElse(0);
            assertThat(after).isLessThanOrEqualTo(Math.max(before, total / members + largest));
            assertThat(after).isLessThanOrEqualTo(total * 21 / 20 / members + largest + 2);
            assertThat(BacklogPlan.of(plan, all(partitions), backlog))
                    .as("settled")
                    .isEqualTo(plan);
        }
    }

    private static List<Integer> all(int partitions) {
        return IntStream.range(0, partitions).boxed().toList();
    }

    private static long load(Collection<Integer> partitions, Map<Integer, Long> backlog) {
        return partitions.stream()
                .mapToLong(partition -> backlog.getOrDefault(partition, 0L))
                .sum();
    }
}
