package io.millrace.producer.ledger;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.job.FailureKind;
import io.millrace.job.JobId;
import io.millrace.job.JobResult;
import io.millrace.job.Provenance;
import org.junit.jupiter.api.Test;

class RunAuditTest {
    private final RunAudit audit = new RunAudit();

    private void result(long index, String worker, int attempt, int replay) {
        audit.count(new JobResult.Failed(
                new JobId("r", index),
                "row-" + index,
                FailureKind.ENGINE_ERROR,
                "made by a test",
                new Provenance("m", "sha", "Q8_0", "chatml", "engine", worker, attempt, replay),
                1_700_000_000L,
                ""));
    }

    @Test
    void whatIsMissingAndWhatCameTwiceIsCounted() {
        result(0, "a", 1, 0);
        result(2, "a", 1, 0);
        result(2, "b", 1, 0);
        result(2, "b", 1, 0);

        assertThat(audit.results()).isEqualTo(4);
        assertThat(audit.lost(5)).isEqualTo(3);
        assertThat(audit.duplicates()).isEqualTo(2);
    }

    @Test
    void aReplayIsNoDuplicate() {
        result(0, "a", 1, 0);
        result(0, "a", 1, 1);
        result(0, "a", 1, 2);

        assertThat(audit.duplicates()).isZero();
        assertThat(audit.lost(1)).isZero();

        result(0, "a", 1, 1);

        assertThat(audit.duplicates()).isEqualTo(1);
    }

    @Test
    void eachWorkerHasItsResultsAndThoseOfLaterAttempts() {
        result(0, "b", 1, 0);
        result(1, "b", 2, 0);
        result(2, "a", 3, 0);

        assertThat(audit.workers())
                .containsExactly(entry("a", new RunAudit.Share(1, 1)), entry("b", new RunAudit.Share(2, 1)));
    }

    @Test
    void aRunWithoutResultsHasLostThemAll() {
        assertThat(audit.lost(3)).isEqualTo(3);
        assertThat(audit.lost(0)).isZero();
        assertThat(audit.workers()).isEmpty();
    }
}
