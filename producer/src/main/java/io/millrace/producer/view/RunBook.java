package io.millrace.producer.view;

import io.millrace.job.JobResult;
import io.millrace.job.RunManifest;
import io.millrace.producer.ledger.RunLedger;
import io.millrace.producer.ledger.RunPace;
import io.millrace.producer.ledger.SecondCounts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Follows several runs at once: a ledger and a pace of each, the newest results, and tokens by the second. What it holds
 * is bounded by the runs followed, a bit a job and kind of failure, whatever is submitted.
 *
 * <p>Confined to the watching thread.
 */
public final class RunBook {
    private static final int MOST_RECENT = 20;
    /** Seconds of tokens that are kept. */
    static final int HISTORY_SECONDS = 660;

    private final int mostRuns;
    private final Set<String> only;
    private final boolean showContent;
    private final Map<String, Followed> followed = new HashMap<>();
    /** Runs that are there and not followed. */
    private final Set<String> passedOver = new HashSet<>();

    private final Map<String, RunManifest> shown = new LinkedHashMap<>();
    private final List<RecentJob> results = new ArrayList<>();
    private final List<RecentJob> failures = new ArrayList<>();
    private final SecondCounts tokens = new SecondCounts(HISTORY_SECONDS);

    private record Followed(RunLedger ledger, RunPace pace) {}

    /**
     * @param mostRuns how many are followed, the newest ones
     * @param only these and no others; empty for any
     * @param showContent whether texts of results are kept
     */
    public RunBook(int mostRuns, Set<String> only, boolean showContent) {
        this.mostRuns = mostRuns;
        this.only = Set.copyOf(only);
        this.showContent = showContent;
    }

    /** Takes what is known of all runs now, the newest first. */
    public void manifests(Collection<RunManifest> newestFirst) {
        shown.clear();
        passedOver.clear();
        for (RunManifest run : newestFirst) {
            if (shown.size() < mostRuns && (only.isEmpty() || only.contains(run.runId()))) {
                shown.put(run.runId(), run);
            } else {
                passedOver.add(run.runId());
                followed.remove(run.runId());
            }
        }
    }

    /** The manifests of the runs that are followed, the newest first. */
    public List<RunManifest> runs() {
        return List.copyOf(shown.values());
    }

    /** Partition to the first offset where a result of a followed run may lie; empty where there is no run. */
    public Map<Integer, Long> resultOffsets() {
        Map<Integer, Long> first = new TreeMap<>();
        shown.values()
                .forEach(run ->
                        run.resultOffsets().forEach((partition, offset) -> first.merge(partition, offset, Math::min)));
        return first;
    }

    /** Whether results of this run are counted. Those of a run whose manifest has not come yet are. */
    public boolean wants(String runId) {
        return only.isEmpty() ? !passedOver.contains(runId) : only.contains(runId);
    }

    /** Counts a result, once. */
    public void take(JobResult result) {
        Followed run =
                followed.computeIfAbsent(result.id().runId(), first -> new Followed(new RunLedger(), new RunPace()));
        if (!run.ledger().accept(result)) {
            return;
        }
        run.pace().add(result.createdEpochSeconds());
        RecentJob recent = RecentJob.of(result, showContent);
        keep(recent.failed() ? failures : results, recent);
        if (result instanceof JobResult.Completed completed) {
            tokens.add(completed.createdEpochSeconds(), completed.usage().completionTokens());
        }
    }

    /** Results come by partition, and so not in the order in which they were made. */
    private static void keep(List<RecentJob> newestFirst, RecentJob job) {
        int place = 0;
        long made = job.createdEpochSeconds();
        while (place < newestFirst.size() && newestFirst.get(place).createdEpochSeconds() > made) {
            place++;
        }
        newestFirst.add(place, job);
        if (newestFirst.size() > MOST_RECENT) {
            newestFirst.remove(MOST_RECENT);
        }
    }

    /** How far the runs are, the newest first. */
    public List<RunView> views(long nowSeconds) {
        return shown.values().stream()
                .map(run -> {
                    Followed counted = followed.getOrDefault(run.runId(), new Followed(new RunLedger(), new RunPace()));
                    return RunView.of(run, counted.ledger(), counted.pace(), nowSeconds);
                })
                .toList();
    }

    /** The newest answers, the newest first. */
    public List<RecentJob> results() {
        return List.copyOf(results);
    }

    /** The newest failures, the newest first. */
    public List<RecentJob> failures() {
        return List.copyOf(failures);
    }

    /** Tokens of the answers that were made in these seconds since 1970, both included. */
    public long tokens(long from, long to) {
        return tokens.sum(from, to);
    }
}
