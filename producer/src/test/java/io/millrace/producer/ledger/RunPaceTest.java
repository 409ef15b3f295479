package io.millrace.producer.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunPaceTest {
    private static final long NOW = 1_700_000_000;

    @Test
    void theLastMinuteSaysThePaceAndTheTimeLeft() {
        RunPace pace = new RunPace(NOW);
        for (int i = 0; i < 1000; i++) {
            pace.add(NOW - 3600);
        }
        for (int i = 0; i < 120; i++) {
            pace.add(NOW - i / 2);
        }

        assertThat(pace.perSecond()).isEqualTo(2.0);
        assertThat(pace.secondsFor(100)).hasValue(50);
        assertThat(pace.secondsFor(0)).hasValue(0);
    }

    @Test
    void aRunThatHasJustBegunIsMeasuredOverItsFewSeconds() {
        RunPace pace = new RunPace(NOW);
        for (int i = 0; i < 30; i++) {
            pace.add(NOW - i / 10);
        }

        assertThat(pace.perSecond()).isEqualTo(15.0);
    }

    @Test
    void aRunThatStandsStillHasNoTimeLeftButThePaceItHad() {
        RunPace pace = new RunPace(NOW);
        for (int i = 0; i < 100; i++) {
            pace.add(NOW - 1000 + i / 10);
        }

        assertThat(pace.active()).isFalse();
        assertThat(pace.perSecond()).isEqualTo(10.0);
        assertThat(pace.secondsFor(5)).isEmpty();
        assertThat(new RunPace(NOW).perSecond()).isZero();
    }
}
