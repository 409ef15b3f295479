package io.millrace.producer.ledger;

import io.millrace.job.Choice;
import io.millrace.job.FailureKind;
import io.millrace.job.FinishReason;
import io.millrace.job.JobResult;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The book of a run's results. A job's first answer counts, and until there is one, the failure of its highest replay;
 * a result of the same replay that comes again is a duplicate. So an answer stays, and a failure gives way to what a
 * replay of the job brings.
 *
 * <p>Confined to the collecting thread.
 */
public final class RunLedger {
    /** Indices are bits of a bit set. */
    public static final long MAX_JOBS = Integer.MAX_VALUE;

    private final IndexSet seen;
    private final Map<FailureKind, IndexSet> failed = new EnumMap<>(FailureKind.class);
    /** The highest replay seen of each job of which there was one. */
    private final Map<Long, Integer> replays = new HashMap<>();

    private final Map<FinishReason, Long> finishReasons = new EnumMap<>(FinishReason.class);
    private final Set<Origin> origins = new LinkedHashSet<>();
    private long answered;
    private long duplicates;
    private long promptTokens;
    private long completionTokens;
    private long cachedTokens;

    public RunLedger() {
        seen = new IndexSet();
    }

    private RunLedger(LedgerState state, RunTotals totals) {
        seen = IndexSet.decode(state.seen());
        state.failed().forEach((kind, indices) -> failed.put(kind, IndexSet.decode(indices)));
        replays.putAll(state.replays());
        answered = totals.answered();
        duplicates = totals.duplicates();
        promptTokens = totals.promptTokens();
        completionTokens = totals.completionTokens();
        cachedTokens = totals.cachedTokens();
        finishReasons.putAll(totals.finishReasons());
        origins.addAll(totals.origins());
    }

    /** A ledger as it was when {@link #state} and {@link #totals} were taken. */
    public static RunLedger of(LedgerState state, RunTotals totals) {
        return new RunLedger(state, totals);
    }

    /** Whether this is now the result of its job, in the place of an earlier one if there was one. */
    public boolean accept(JobResult result) {
        long index = result.id().index();
        boolean first = seen.add(index);
        int highest = first ? -1 : replays.getOrDefault(index, 0);
        if (result.replay() == highest) {
            duplicates++;
            return false;
        }
        if (result.replay() > Math.max(0, highest)) {
            replays.put(index, result.replay());
        }
        Optional<FailureKind> failure = failure(index);
        boolean answeredBefore = !first && failure.isEmpty();
        boolean outdated = result instanceof JobResult.Failed && result.replay() < highest;
        if (answeredBefore || outdated) {
            return false;
        }
        failure.ifPresent(kind -> failed.get(kind).remove(index));
        if (result instanceof JobResult.Completed completed) {
            answer(completed);
        } else if (result instanceof JobResult.Failed now) {
            failed.computeIfAbsent(now.kind(), kind -> new IndexSet()).add(index);
        }
        return true;
    }

    private void answer(JobResult.Completed completed) {
        answered++;
        promptTokens += completed.usage().promptTokens();
        completionTokens += completed.usage().completionTokens();
        cachedTokens += completed.usage().cachedTokens();
        for (Choice choice : completed.choices()) {
            finishReasons.merge(choice.finishReason(), 1L, Long::sum);
        }
        origins.add(Origin.of(completed.provenance()));
    }

    private Optional<FailureKind> failure(long index) {
        return failed.entrySet().stream()
                .filter(kind -> kind.getValue().contains(index))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    public boolean contains(long index) {
        return seen.contains(index);
    }

    /** Whether the job's result is a failure. */
    public boolean failed(long index) {
        return failure(index).isPresent();
    }

    /** The highest replay of the job of which a result was seen; 0 if none was. */
    public int highestReplay(long index) {
        return replays.getOrDefault(index, 0);
    }

    /**
     * How many replays have their result. The replays of a job are numbered without gaps and each is submitted when the
     * one before is over, so the highest one seen of a job stands for all below it.
     */
    public long replays() {
        return replays.values().stream().mapToLong(Integer::longValue).sum();
    }

    /** Whether every one of {@code jobs} jobs has its result, and {@code replayed} replays of them have theirs. */
    public boolean complete(long jobs, long replayed) {
        return seen.size() >= jobs && seen.absentBelow(jobs, 1).isEmpty() && replays() >= replayed;
    }

    /** Whether every one of {@code jobs} jobs has its result. */
    public boolean complete(long jobs) {
        return complete(jobs, 0);
    }

    /** The indices below {@code jobs} that have no result yet, as at most {@code most} ranges in ascending order. */
    public List<IndexRange> missing(long jobs, int most) {
        return seen.absentBelow(jobs, most);
    }

    public RunTotals totals() {
        Map<FailureKind, Long> failures = new EnumMap<>(FailureKind.class);
        failed.forEach((kind, indices) -> {
            if (indices.size() > 0) {
                failures.put(kind, indices.size());
            }
        });
        return new RunTotals(
                answered,
                failures.values().stream().mapToLong(Long::longValue).sum(),
                duplicates,
                promptTokens,
                completionTokens,
                cachedTokens,
                finishReasons,
                failures,
                origins);
    }

    /** What is known of single jobs, for {@link #of}. */
    public LedgerState state() {
        Map<FailureKind, String> kinds = new EnumMap<>(FailureKind.class);
        failed.forEach((kind, indices) -> kinds.put(kind, indices.encode()));
        return new LedgerState(seen.encode(), kinds, replays);
    }
}
