package io.millrace.producer.ledger;

import io.millrace.job.FailureKind;
import io.millrace.job.FinishReason;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The sums over the results of a run, each job counted once.
 *
 * <p>Immutable.
 *
 * @param answered jobs with an answer
 * @param failed jobs without one
 * @param duplicates results that came again and were dropped
 * @param finishReasons samples by how they ended
 * @param failures failed jobs by kind
 * @param origins what made the answers, in order of appearance
 */
public record RunTotals(
        long answered,
        long failed,
        long duplicates,
        long promptTokens,
        long completionTokens,
        long cachedTokens,
        Map<FinishReason, Long> finishReasons,
        Map<FailureKind, Long> failures,
        Set<Origin> origins) {

    public static final RunTotals ZERO = new RunTotals(0, 0, 0, 0, 0, 0, Map.of(), Map.of(), Set.of());

    public RunTotals {
        Map<FinishReason, Long> reasons = new EnumMap<>(FinishReason.class);
        reasons.putAll(finishReasons);
        finishReasons = Collections.unmodifiableMap(reasons);
        Map<FailureKind, Long> kinds = new EnumMap<>(FailureKind.class);
        kinds.putAll(failures);
        failures = Collections.unmodifiableMap(kinds);
        origins = Collections.unmodifiableSet(new LinkedHashSet<>(origins));
    }

    public long jobs() {
        return answered + failed;
    }

    public long samples() {
        return finishReasons.values().stream().mapToLong(Long::longValue).sum();
    }
}
