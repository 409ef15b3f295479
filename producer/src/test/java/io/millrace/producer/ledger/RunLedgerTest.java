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
    private static final Provenance PROVENANCE = new Provenance("m", "sha", "Q8_0", "chatml", "engine", "w1", 1);

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
            RunLedger copy = RunLedger.of(ledger.encodeSeen(), ledger.totals());
            assertThat(copy.totals()).isEqualTo(ledger.totals());
            assertThat(copy.missing(4000, 4000)).isEqualTo(ledger.missing(4000, 4000));
            assertThat(copy.encodeSeen()).isEqualTo(ledger.encodeSeen());
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

        assertThat(nearlyInOrder.encodeSeen()).hasSizeLessThan(20);
        assertThat(everyOther.encodeSeen()).hasSizeLessThan(170_000);
    }

    @Test
    void anIndexBeyondTheMostIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RunLedger().accept(failure(RunLedger.MAX_JOBS)))
                .withMessageContaining("job index 2147483647 is outside 0 to 2147483646");
    }

    private static JobResult answer(long index) {
        return new JobResult.Completed(
                new JobId("run", index),
                "task",
                List.of(new Choice(0, "text", FinishReason.STOP, 3, 1)),
                new Usage(10, 3, 4),
                new Timings(0, 1, 2),
                PROVENANCE,
                0,
                "");
    }

    private static JobResult failure(long index) {
        return new JobResult.Failed(
                new JobId("run", index), "task", FailureKind.TIMED_OUT, "too long", PROVENANCE, 0, "");
    }
}
