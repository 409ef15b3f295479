package io.millrace.worker.delivery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who is to have which partition, by the jobs that are left in each. Partitions stay where they are unless a move lowers
 * the load of the worker that has most; without any backlog their numbers are evened out instead.
 *
 * <p>Confined to the caller's thread.
 */
public final class BacklogPlan {
    /** A gap below this share of the mean is not worth a hand-over. */
    private static final double LEAST_GAP = 0.05;

    private final SortedMap<String, SortedSet<Integer>> members;
    private final Map<Integer, Long> backlog;

    private BacklogPlan(SortedMap<String, SortedSet<Integer>> members, Map<Integer, Long> backlog) {
        this.members = members;
        this.backlog = backlog;
    }

    /**
     * The plan; every partition has exactly one member in it.
     *
     * @param owned each member's partitions now, no partition twice; at least one member
     * @param partitions all there are
     * @param backlog unfinished jobs by partition, as far as known
     */
    public static SortedMap<String, SortedSet<Integer>> of(
            Map<String, ? extends Collection<Integer>> owned,
            Collection<Integer> partitions,
            Map<Integer, Long> backlog) {
        SortedMap<String, SortedSet<Integer>> members = new TreeMap<>();
        SortedSet<Integer> free = new TreeSet<>(partitions);
        owned.forEach((member, has) -> {
            SortedSet<Integer> kept = new TreeSet<>(has);
            kept.retainAll(free);
            free.removeAll(kept);
            members.put(member, kept);
        });
        BacklogPlan plan = new BacklogPlan(members, backlog);
        plan.place(free);
        boolean any = backlog.values().stream().anyMatch(jobs -> jobs > 0);
        for (int moves = 0; moves < partitions.size() && (any ? plan.moveJobs() : plan.moveNumbers()); moves++) {
            // each lowers the highest load, or the highest number
        }
        return members;
    }

    private long jobs(int partition) {
        return Math.max(0, backlog.getOrDefault(partition, 0L));
    }

    private long load(String member) {
        return members.get(member).stream().mapToLong(this::jobs).sum();
    }

    private List<String> byLoad() {
        List<String> order = new ArrayList<>(members.keySet());
        order.sort(Comparator.comparingLong(this::load)
                .thenComparingInt(member -> members.get(member).size())
                .thenComparing(Comparator.naturalOrder()));
        return order;
    }

    private void place(Collection<Integer> free) {
        List<Integer> heaviest = new ArrayList<>(free);
        heaviest.sort(Comparator.comparingLong(this::jobs).reversed().thenComparing(Comparator.naturalOrder()));
        for (int partition : heaviest) {
            members.get(byLoad().get(0)).add(partition);
        }
    }

    private boolean moveJobs() {
        List<String> order = byLoad();
        String least = order.get(0);
        long total = order.stream().mapToLong(this::load).sum();
        for (int i = order.size() - 1; i > 0; i--) {
            String most = order.get(i);
            long gap = load(most) - load(least);
            if (gap < Math.max(2, LEAST_GAP * total / order.size())) {
                return false;
            }
            Optional<Integer> best = members.get(most).stream()
                    .filter(partition -> jobs(partition) > 0 && jobs(partition) < gap)
                    .min(Comparator.comparingLong(partition -> Math.abs(gap - 2 * jobs(partition))));
            if (best.isPresent()) {
                move(best.get(), most, least);
                return true;
            }
        }
        return false;
    }

    private boolean moveNumbers() {
        String least = members.keySet().stream().min(bySize()).orElseThrow();
        String most = members.keySet().stream().max(bySize()).orElseThrow();
        if (members.get(most).size() - members.get(least).size() < 2) {
            return false;
        }
        move(members.get(most).last(), most, least);
        return true;
    }

    private Comparator<String> bySize() {
        return Comparator.comparingInt(member -> members.get(member).size());
    }

    private void move(int partition, String from, String to) {
        members.get(from).remove(partition);
        members.get(to).add(partition);
    }
}
