package io.millrace.producer.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunLedgerTest {
    @Test
    void theFirstResultOfAJobCountsAndLaterOnesAreDuplicates() {
        RunLedger ledger = new RunLedger();

        assertThat(ledger.accept(answer(0))).isTrue();
        assertThat(ledger.accept(failure(1))).isTrue();
        assertThat(ledger.accept(answer(0))).isFalse();
        assertThat(ledger.accept(failure(0))).isFalse();

        assertThat(ledger.totals())
                .isEqualTo(new RunTotals(
                        1,
                        1,
                        2,
                        10,
                        3,
                        4,
                        Map.of(FinishReason.STOP, 1L),
                        Map.of(FailureKind.TIMED_OUT, 1L),
                        java.util.Set.of(new Origin("m", "sha", "Q8_0", "chatml", "engine"))));
    }

    @Test
    void aReplaysResultTakesThePlaceOfAFailureAndNeverOfAnAnswer() {
        RunLedger ledger = new RunLedger();

        assertThat(ledger.accept(failure(0, 0))).isTrue();
        assertThat(ledger.accept(failure(0, 2))).isTrue();
        assertThat(ledger.accept(failure(0, 1))).isFalse();
        assertThat(ledger.accept(failure(0, 2))).isFalse();
        assertThat(ledger.totals().failures()).isEqualTo(Map.of(FailureKind.TIMED_OUT, 1L));
        assertThat(ledger.accept(answer(0, 3))).isTrue();
        assertThat(ledger.accept(answer(0, 3))).isFalse();
        assertThat(ledger.accept(failure(0, 4))).isFalse();

        assertThat(ledger.totals().answered()).isEqualTo(1);
        assertThat(ledger.totals().failed()).isZero();
        assertThat(ledger.totals().failures()).isEmpty();
        assertThat(ledger.totals().duplicates()).isEqualTo(2);
        assertThat(ledger.failed(0)).isFalse();
    }

    @Test
    void anAnswerThatComesAfterTheFailureOfAHigherReplayIsKept() {
        RunLedger ledger = new RunLedger();

        assertThat(ledger.accept(failure(0, 1))).isTrue();
        assertThat(ledger.accept(answer(0, 0))).isTrue();

        assertThat(ledger.totals().answered()).isEqualTo(1);
        assertThat(ledger.totals().failed()).isZero();
        assertThat(ledger.totals().duplicates()).isZero();
    }

    @Test
    void aRunWithReplaysIsCompleteWhenEachOfThemHasItsResult() {
        RunLedger ledger = new RunLedger();
        ledger.accept(failure(0, 0));
        ledger.accept(answer(1, 0));

        assertThat(ledger.complete(2, 0)).isTrue();
        assertThat(ledger.complete(2, 2)).isFalse();
        ledger.accept(failure(0, 1));
        assertThat(ledger.complete(2, 2)).isFalse();
        RunLedger copy = RunLedger.of(ledger.state(), ledger.totals());
        copy.accept(answer(0, 2));
        assertThat(copy.complete(2, 2)).isTrue();
        assertThat(copy.replays()).isEqualTo(2);
    }

    @Test
    void aRunIsCompleteWhenEveryIndexWasSeen() {
        RunLedger ledger = new RunLedger();
        for (long index : new long[] {0, 1, 2, 5, 9}) {
            ledger.accept(answer(index));
        }

        assertThat(ledger.complete(3)).isTrue();
        assertThat(ledger.complete(5)).isFalse();
        assertThat(ledger.missing(12, 10)).hasToString("[3-4, 6-8, 10-11]");
        assertThat(ledger.missing(12, 1)).hasToString("[3-4]");
        assertThat(new RunLedger().complete(0)).isTrue();
    }

    @Test
    void aLedgerReadBackGoesOnWhereItWas() {
        Random random = new Random(3);
        for (int density : new int[] {0, 1, 2, 50, 98, 100}) {
            RunLedger ledger = new RunLedger();
            for (int i = 0; i < 3000; i++) {
                if (random.nextInt(100) < density) {
                    ledger.accept(answer(i));
                }
            }
            RunLedger copy = RunLedger.of(ledger.state(), ledger.totals());
            assertThat(copy.totals()).isEqualTo(ledger.totals());
            assertThat(copy.missing(4000, 4000)).isEqualTo(ledger.missing(4000, 4000));
            assertThat(copy.state()).isEqualTo(ledger.state());
        }
    }

    @Test
    void whatWasSeenIsWrittenInFewCharacters() {
        RunLedger nearlyInOrder = new RunLedger();
        RunLedger everyOther = new RunLedger();
        for (int i = 0; i < 1_000_000; i++) {
            if (i != 999_000) {
                nearlyInOrder.accept(failure(i));
            }
            if (i % 2 == 0) {
                everyOther.accept(failure(i));
            }
        }

        assertThat(nearlyInOrder.state().seen()).hasSizeLessThan(20);
        assertThat(everyOther.state().seen()).hasSizeLessThan(170_000);
    }

    @Test
    void anIndexBeyondTheMostIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RunLedger().accept(failure(RunLedger.MAX_JOBS)))
                .withMessageContaining("job index 2147483647 is outside 0 to 2147483646");
    }

    private static Provenance provenance(int replay) {
        return new Provenance("m", "sha", "Q8_0", "chatml", "engine", "w1", 1, replay);
    }

    private static JobResult answer(long index) {
        return answer(index, 0);
    }

    private static JobResult failure(long index) {
        return failure(index, 0);
    }

    private static JobResult answer(long index, int replay) {
        return new JobResult.Completed(
                new JobId("run", index),
                "task",
                List.of(new Choice(0, "text", FinishReason.STOP, 3, 1)),
                new Usage(10, 3, 4),
                new Timings(0, 1, 2),
                provenance(replay),
                0,
                "");
    }

    private static JobResult failure(long index, int replay) {
        return new JobResult.Failed(
                new JobId("run", index), "task", FailureKind.TIMED_OUT, "too long", provenance(replay), 0, "");
    }
}
