package io.millrace.producer.files;

import io.millrace.job.Choice;
import io.millrace.job.FailureKind;
import io.millrace.job.FinishReason;
import io.millrace.job.JobId;
import io.millrace.job.JobResult;
import io.millrace.job.Provenance;
import io.millrace.job.Timings;
import io.millrace.job.Usage;
import java.util.List;
import java.util.Map;

/** Results for tests: every tenth job failed. */
final class Results {
    static final String RUN = "0123456789abcdef";
    static final Provenance PROVENANCE =
            new Provenance("tiny-chatml", "ab".repeat(32), "Q8_0", "chatml", "llama.cpp v0.5.0", "worker-1", 1);
    static final RunFacts FACTS =
            new RunFacts(RUN, "millrace test", "tiny-chatml", "cd".repeat(32), 42, Map.of("temperature", "0.0"));

    private Results() {}

    /** The answer that a replay of a failed job brings. */
    static JobResult replayed(long index, int replay) {
        JobResult.Completed answer = (JobResult.Completed) of(index - 1);
        return new JobResult.Completed(
                new JobId(RUN, index),
                "line-" + (index + 1),
                answer.choices(),
                answer.usage(),
                answer.timings(),
                new Provenance("tiny-chatml", "ab".repeat(32), "Q8_0", "chatml", "llama.cpp", "worker-2", 1, replay),
                1_700_000_001,
                "");
    }

    static JobResult of(long index) {
        JobId id = new JobId(RUN, index);
        return index % 10 == 9
                ? new JobResult.Failed(
                        id,
                        "line-" + (index + 1),
                        FailureKind.CONTEXT_WINDOW_EXCEEDED,
                        "2000 tokens do not fit into 1024",
                        PROVENANCE,
                        1_700_000_000,
                        "{\"task\":\"t\"}")
                : new JobResult.Completed(
                        id,
                        "line-" + (index + 1),
                        List.of(
                                new Choice(0, "answer " + index, FinishReason.STOP, 5, 11),
                                new Choice(1, "und \"noch\" eine\né", FinishReason.LENGTH, 8, -12)),
                        new Usage(20, 13, 4),
                        new Timings(1.5, 20, 260),
                        PROVENANCE,
                        1_700_000_000,
                        index % 2 == 0 ? "" : "{\"task\": 1.50}");
    }
}
