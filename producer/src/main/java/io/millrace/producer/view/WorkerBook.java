package io.millrace.producer.view;

import io.millrace.producer.ledger.SecondCounts;
import io.millrace.producer.view.WorkerView.Condition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Follows workers: by what they say at their addresses, and by the groups they are in.
 *
 * <p>Confined to the watching thread.
 */
public final class WorkerBook {
    /** Rates are over so many seconds, since an engine tells its figures once a second. */
    private static final double WINDOW_NANOS = 6e9;

    private static final double NANOS_PER_SECOND = 1e9;

    private final Map<String, Asked> asked = new HashMap<>();
    private final SecondCounts tokens = new SecondCounts(RunBook.HISTORY_SECONDS);
    private List<GroupMember> members = List.of();
    private boolean counted;

    /** An address and what is known of the worker there. */
    private static final class Asked {
        private final Deque<Said> said = new ArrayDeque<>();
        private Optional<WorkerFigures> last = Optional.empty();
        private boolean silent;

        double tokensPerSecond() {
            if (silent || said.size() < 2) {
                return 0;
            }
            Said first = said.getFirst();
            Said newest = said.getLast();
            return (newest.generated - first.generated) * NANOS_PER_SECOND / (newest.nanos - first.nanos);
        }
    }

    private record Said(long nanos, long generated) {}

    /** From now on these addresses count and no others. */
    public void addresses(Set<String> addresses) {
        asked.keySet().retainAll(addresses);
        addresses.forEach(address -> asked.computeIfAbsent(address, first -> new Asked()));
    }

    /** Who is in the groups now. */
    public void members(List<GroupMember> now) {
        members = List.copyOf(now);
    }

    /**
     * What the worker at an address said.
     *
     * @param nanos when, on the watcher's clock
     * @param second the same, since 1970
     */
    public void heard(String address, WorkerFigures figures, long nanos, long second) {
        Asked worker = asked.computeIfAbsent(address, first -> new Asked());
        worker.silent = false;
        worker.last = Optional.of(figures);
        Said before = worker.said.peekLast();
        if (before != null && figures.generatedTokens() < before.generated) {
            worker.said.clear(); // it was started again
        } else if (before != null) {
            tokens.add(second, figures.generatedTokens() - before.generated);
            counted = true;
        }
        worker.said.add(new Said(nanos, figures.generatedTokens()));
        while (worker.said.size() > 2 && nanos - worker.said.getFirst().nanos > WINDOW_NANOS) {
            worker.said.removeFirst();
        }
    }

    /** The address did not answer. */
    public void silent(String address) {
        Asked worker = asked.computeIfAbsent(address, first -> new Asked());
        worker.silent = true;
        worker.said.clear();
    }

    /** Every worker that is known, by model and name. */
    public List<WorkerView> views() {
        List<WorkerView> views = new ArrayList<>();
        asked.forEach((address, worker) -> views.add(view(address, worker)));
        members.stream()
                .filter(member -> views.stream().noneMatch(view -> same(member, view)))
                .forEach(member -> views.add(new WorkerView(
                        member.instance(),
                        member.model(),
                        Optional.empty(),
                        Condition.NOT_ASKED,
                        member.partitions(),
                        Optional.empty(),
                        0)));
        views.sort(Comparator.comparing(WorkerView::model).thenComparing(WorkerView::name));
        return views;
    }

    private static boolean same(GroupMember member, WorkerView view) {
        return member.instance().equals(view.name()) && member.model().equals(view.model());
    }

    private static WorkerView view(String address, Asked worker) {
        Optional<WorkerFigures> figures = worker.silent ? Optional.empty() : worker.last;
        Condition condition = worker.silent || worker.last.isEmpty()
                ? Condition.SILENT
                : worker.last.get().engineUp() ? Condition.UP : Condition.ENGINE_DOWN;
        return new WorkerView(
                worker.last.map(WorkerFigures::worker).orElse(address),
                worker.last.map(WorkerFigures::model).orElse(""),
                Optional.of(address),
                condition,
                figures.map(WorkerFigures::partitions).orElse(0),
                figures,
                worker.tokensPerSecond());
    }

    /** Whether any worker was heard twice, so that its tokens are counted. */
    public boolean countsTokens() {
        return counted;
    }

    /** Tokens that were heard of in these seconds since 1970, both included. */
    public long tokens(long from, long to) {
        return tokens.sum(from, to);
    }
}
