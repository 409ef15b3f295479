package io.millrace.producer.ledger;

import io.millrace.job.Choice;
import io.millrace.job.FailureKind;
import io.millrace.job.FinishReason;
import io.millrace.job.JobResult;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The book of a run's results: the first result of each index counts, any later one is a duplicate.
 *
 * <p>Confined to the collecting thread.
 */
public final class RunLedger {
    /** Indices are bits of a bit set. */
    public static final long MAX_JOBS = Integer.MAX_VALUE;

    private final IndexSet seen;
    private final Map<FinishReason, Long> finishReasons = new EnumMap<>(FinishReason.class);
    private final Map<FailureKind, Long> failures = new EnumMap<>(FailureKind.class);
    private final Set<Origin> origins = new LinkedHashSet<>();
    private long answered;
    private long failed;
    private long duplicates;
    private long promptTokens;
    private long completionTokens;
    private long cachedTokens;

    public RunLedger() {
        this(new IndexSet(), RunTotals.ZERO);
    }

    private RunLedger(IndexSet seen, RunTotals totals) {
        this.seen = seen;
        answered = totals.answered();
        failed = totals.failed();
        duplicates = totals.duplicates();
        promptTokens = totals.promptTokens();
        completionTokens = totals.completionTokens();
        cachedTokens = totals.cachedTokens();
        finishReasons.putAll(totals.finishReasons());
        failures.putAll(totals.failures());
        origins.addAll(totals.origins());
    }

    /** A ledger as it was when {@link #encodeSeen} and {@link #totals} were taken. */
    public static RunLedger of(String encodedSeen, RunTotals totals) {
        return new RunLedger(IndexSet.decode(encodedSeen), totals);
    }

    /** Whether this is the first result of its job; only then it is to be kept. */
    public boolean accept(JobResult result) {
        if (!seen.add(result.id().index())) {
            duplicates++;
            return false;
        }
        if (result instanceof JobResult.Completed completed) {
            answered++;
            promptTokens += completed.usage().promptTokens();
            completionTokens += completed.usage().completionTokens();
            cachedTokens += completed.usage().cachedTokens();
            for (Choice choice : completed.choices()) {
                finishReasons.merge(choice.finishReason(), 1L, Long::sum);
            }
            origins.add(Origin.of(completed.provenance()));
        } else if (result instanceof JobResult.Failed failure) {
            failed++;
            failures.merge(failure.kind(), 1L, Long::sum);
        }
        return true;
    }

    public boolean contains(long index) {
        return seen.contains(index);
    }

    /** Whether every one of {@code jobs} jobs has its result. */
    public boolean complete(long jobs) {
        return answered + failed >= jobs && seen.absentBelow(jobs, 1).isEmpty();
    }

    /** The indices below {@code jobs} that have no result yet, as at most {@code most} ranges in ascending order. */
    public List<IndexRange> missing(long jobs, int most) {
        return seen.absentBelow(jobs, most);
    }

    public RunTotals totals() {
        return new RunTotals(
                answered,
                failed,
                duplicates,
                promptTokens,
                completionTokens,
                cachedTokens,
                finishReasons,
                failures,
                origins);
    }

    /** The indices seen, as a short text for {@link #of}. */
    public String encodeSeen() {
        return seen.encode();
    }
}
