package io.millrace.producer.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.job.Choice;
import io.millrace.job.FailureKind;
import io.millrace.job.FinishReason;
import io.millrace.job.JobId;
import io.millrace.job.JobResult;
import io.millrace.job.Provenance;
import io.millrace.job.RunManifest;
import io.millrace.job.Timings;
import io.millrace.job.Usage;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunBookTest {
    private static final long NOW = 1_700_000_000;
    private static final Provenance MADE_BY = new Provenance("tiny", "00", "F16", "chatml", "none", "w1", 1);

    @Test
    void aRunIsCountedAsItsResultsCome() {
        RunBook book = new RunBook(20, Set.of(), false);
        book.manifests(List.of(run("r1", RunManifest.State.OPEN, 10)));
        for (int index = 0; index < 4; index++) {
            book.take(answer("r1", index, NOW - 2 + index / 2));
        }
        book.take(answer("r1", 0, NOW)); // comes again
        book.take(failure("r1", 4, FailureKind.TIMED_OUT));

        RunView view = book.views(NOW).get(0);
        assertThat(view.done()).isEqualTo(5);
        assertThat(view.share()).isEqualTo(0.5);
        assertThat(view.state()).isEqualTo(RunView.State.OPEN);
        assertThat(view.failures()).isEqualTo("TIMED_OUT 1");
        assertThat(view.jobsPerSecond()).isEqualTo(2.5);
        assertThat(view.timeLeft()).isEqualTo("0:00:02");
        assertThat(view.totals().completionTokens()).isEqualTo(40);
        assertThat(book.tokens(NOW - 2, NOW - 2)).isEqualTo(20);
        assertThat(book.tokens(NOW - 600, NOW)).isEqualTo(40);
    }

    @Test
    void aSealedRunWithAllResultsIsComplete() {
        RunBook book = new RunBook(20, Set.of(), false);
        book.take(answer("r1", 0, NOW)); // before its manifest was read
        book.manifests(List.of(run("r1", RunManifest.State.SEALED, 2)));
        assertThat(book.views(NOW).get(0).state()).isEqualTo(RunView.State.SEALED);

        book.take(answer("r1", 1, NOW));

        RunView view = book.views(NOW).get(0);
        assertThat(view.state()).isEqualTo(RunView.State.COMPLETE);
        assertThat(view.goesOn()).isFalse();
        assertThat(view.timeLeft()).isEqualTo("-");
    }

    @Test
    void onlyTheNewestRunsAreFollowed() {
        RunBook book = new RunBook(2, Set.of(), false);
        book.manifests(List.of(
                run("new", RunManifest.State.OPEN, 1),
                run("mid", RunManifest.State.OPEN, 1),
                run("old", RunManifest.State.OPEN, 1)));

        assertThat(book.views(NOW)).extracting(RunView::runId).containsExactly("new", "mid");
        assertThat(book.wants("mid")).isTrue();
        assertThat(book.wants("old")).isFalse();
        assertThat(book.wants("not known yet")).isTrue();
    }

    @Test
    void readingBeginsWhereTheFirstOfTheFollowedRunsBegan() {
        RunBook book = new RunBook(20, Set.of("a", "b"), false);
        book.manifests(List.of(
                run("c", RunManifest.State.OPEN, 1, Map.of(0, 1L, 1, 1L)),
                run("b", RunManifest.State.OPEN, 1, Map.of(0, 30L, 1, 8L)),
                run("a", RunManifest.State.OPEN, 1, Map.of(0, 20L, 1, 9L))));

        assertThat(book.resultOffsets()).containsEntry(0, 20L).containsEntry(1, 8L);
        assertThat(book.wants("c")).isFalse();
    }

    @Test
    void theNewestResultsAreKeptWithoutTheirContent() {
        RunBook book = new RunBook(20, Set.of(), false);
        for (int index = 0; index < 100; index++) {
            book.take(answer("r1", index, NOW));
        }
        book.take(failure("r1", 100, FailureKind.INVALID_JOB));
        book.take(failure("r1", 101, FailureKind.CONTEXT_WINDOW_EXCEEDED));

        assertThat(book.results()).hasSize(20);
        assertThat(book.results().get(0).jobId()).isEqualTo("r1-99");
        assertThat(book.results().get(0).ending()).isEqualTo("stop");
        assertThat(book.results().get(0).seconds()).hasValue(0.5);
        assertThat(book.results()).allMatch(result -> result.content().isEmpty());
        assertThat(book.failures().get(0).content()).contains("it is so");
        assertThat(book.failures().get(1).content())
                .as("a reason that may quote a prompt")
                .isEmpty();
    }

    @Test
    void theNewestAreThoseThatWereMadeLastWhateverOrderTheyComeIn() {
        RunBook book = new RunBook(20, Set.of(), false);
        for (int index = 0; index < 30; index++) {
            book.take(answer("r1", index, NOW + index * 7 % 30));
        }

        assertThat(book.results())
                .extracting(RecentJob::createdEpochSeconds)
                .isSortedAccordingTo(Comparator.reverseOrder())
                .startsWith(NOW + 29)
                .endsWith(NOW + 10);
    }

    @Test
    void contentIsKeptWhenItIsWantedAndCut() {
        RunBook book = new RunBook(20, Set.of(), true);
        book.take(failure("r1", 0, FailureKind.INVALID_JOB));
        book.take(new JobResult.Completed(
                new JobId("r1", 1),
                "line-2",
                List.of(new Choice(0, "\ud83d\ude00".repeat(5_000), FinishReason.LENGTH, 10, 0)),
                new Usage(3, 10, 0),
                new Timings(0, 0, 0),
                MADE_BY,
                NOW,
                ""));

        assertThat(book.failures().get(0).content()).contains("it is so");
        String content = book.results().get(0).content().orElseThrow();
        assertThat(content).hasSize(601).endsWith("\ud83d\ude00\u2026");
    }

    private static RunManifest run(String id, RunManifest.State state, long jobs) {
        return run(id, state, jobs, Map.of(0, 0L));
    }

    private static RunManifest run(String id, RunManifest.State state, long jobs, Map<Integer, Long> offsets) {
        return new RunManifest(id, state, jobs, "tiny", "ab".repeat(32), 7, offsets, 1000 * NOW);
    }

    private static JobResult answer(String run, long index, long second) {
        return new JobResult.Completed(
                new JobId(run, index),
                "line-" + (index + 1),
                List.of(new Choice(0, "ok", FinishReason.STOP, 10, 0)),
                new Usage(3, 10, 0),
                new Timings(100, 100, 300),
                MADE_BY,
                second,
                "");
    }

    private static JobResult failure(String run, long index, FailureKind kind) {
        return new JobResult.Failed(new JobId(run, index), "line", kind, "it is so", MADE_BY, NOW, "");
    }
}
