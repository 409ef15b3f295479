package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.job.Choice;
import io.millrace.job.FinishReason;
import io.millrace.producer.files.AnsweredJobs.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerificationTest {

    @Test
    void samplesThatDifferAreNamedWithTheirPlace() {
        Verification found = Verification.compare(
                Map.of(3L, new Answer("c", List.of("same", "abcd"))),
                Map.of(3L, List.of(choice("same"), choice("abX"))));

        assertThat(found)
                .hasToString(
                        "verify: 2 samples of 1 jobs run again at one slot: 1 differ: c sample 1 from character 3");
    }

    @Test
    void aJobThatHasNoAnswerTheSecondTimeDiffers() {
        Verification found = Verification.compare(Map.of(3L, new Answer("c", List.of("a"))), Map.of(3L, List.of()));

        assertThat(found.different()).hasSize(1);
    }

    @Test
    void equalSamplesAreSaidToBe() {
        Verification found =
                Verification.compare(Map.of(3L, new Answer("c", List.of("a"))), Map.of(3L, List.of(choice("a"))));

        assertThat(found.toString()).endsWith("all are equal");
    }

    private static Choice choice(String text) {
        return new Choice(0, text, FinishReason.STOP, 1, 1);
    }
}
