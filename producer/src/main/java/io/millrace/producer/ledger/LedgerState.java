package io.millrace.producer.ledger;

import io.millrace.job.FailureKind;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a ledger knows of single jobs, in few characters.
 *
 * <p>Immutable.
 *
 * @param seen the jobs that have a result
 * @param failed of those, the jobs whose result is a failure of this kind
 * @param replays the highest replay of a job of which a result was seen, where that is not the first submission
 */
public record LedgerState(String seen, Map<FailureKind, String> failed, Map<Long, Integer> replays) {

    public LedgerState {
        Objects.requireNonNull(seen, "seen");
        failed = Map.copyOf(failed);
        replays = Map.copyOf(new TreeMap<>(replays));
    }
}
