package io.millrace.cli;

import io.millrace.job.Choice;
import io.millrace.job.FailureKind;
import io.millrace.job.FinishReason;
import io.millrace.job.JobId;
import io.millrace.job.JobResult;
import io.millrace.job.Provenance;
import io.millrace.job.RunManifest;
import io.millrace.job.Timings;
import io.millrace.job.Usage;
import io.millrace.producer.view.ClusterPicture;
import io.millrace.producer.view.GroupMember;
import io.millrace.producer.view.RunBook;
import io.millrace.producer.view.WorkerBook;
import io.millrace.producer.view.WorkerFigures;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A picture of a run of 4 jobs, two of them answered and one failed, and of two workers. */
public final class SamplePicture {
    public static final long NOW = 1_700_000_000;
    /** What a model may write to take over a page or a terminal. */
    public static final String HOSTILE = "<img src=x onerror=alert(1)>\u001b[2J\u202e";

    private static final Provenance MADE_BY = new Provenance("tiny", "00", "F16", "chatml", "none", "w1", 1);

    private SamplePicture() {}

    public static ClusterPicture number(long number, boolean showContent) {
        RunBook runs = new RunBook(20, Set.of(), showContent);
        runs.manifests(List.of(new RunManifest(
                "run1", RunManifest.State.SEALED, 4, "tiny", "ab".repeat(32), 7, Map.of(0, 0L), 1000 * NOW)));
        runs.take(answer(0));
        runs.take(answer(1));
        runs.take(new JobResult.Failed(
                new JobId("run1", 2), HOSTILE, FailureKind.CONTEXT_WINDOW_EXCEEDED, "too long", MADE_BY, NOW, ""));
        WorkerBook workers = new WorkerBook();
        workers.heard("http://w1:8080/metrics", figures(100), 0, NOW - 6);
        workers.heard("http://w1:8080/metrics", figures(700), 6_000_000_000L, NOW - 2);
        workers.members(List.of(new GroupMember("tiny", "w1", 32), new GroupMember("tiny", "w2", 32)));
        return ClusterPicture.of(number, 1000 * NOW, "kafka:9092", runs, workers, List.of("the broker sleeps"));
    }

    private static JobResult answer(long index) {
        return new JobResult.Completed(
                new JobId("run1", index),
                "line-" + index,
                List.of(new Choice(0, HOSTILE, FinishReason.STOP, 10, 0)),
                new Usage(3, 10, 0),
                new Timings(100, 100, 300),
                MADE_BY,
                NOW - 4,
                "");
    }

    private static WorkerFigures figures(long generated) {
        return new WorkerFigures("w1", "tiny", true, 16, 4, 2, 32, 10, generated, 0.25, 99);
    }
}
