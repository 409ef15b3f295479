package io.millrace.producer.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RunPaceTest {
    private static final long NOW = 1_700_000_000;

    @Test
    void theLastMinuteSaysThePaceAndTheTimeLeft() {
        RunPace pace = new RunPace();
        for (int i = 0; i < 1000; i++) {
            pace.add(NOW - 3600);
        }
        for (int i = 0; i < 120; i++) {
            pace.add(NOW - i / 2);
        }

        assertThat(pace.perSecond(NOW)).isEqualTo(2.0);
        assertThat(pace.secondsFor(100, NOW)).hasValue(50);
        assertThat(pace.secondsFor(0, NOW)).hasValue(0);
    }

    @Test
    void aRunThatHasJustBegunIsMeasuredOverItsFewSeconds() {
        RunPace pace = new RunPace();
        for (int i = 0; i < 30; i++) {
            pace.add(NOW - i / 10);
        }

        assertThat(pace.perSecond(NOW)).isEqualTo(15.0);
    }

    @Test
    void aRunThatStandsStillHasNoTimeLeftButThePaceItHad() {
        RunPace pace = new RunPace();
        for (int i = 0; i < 100; i++) {
            pace.add(NOW - 1000 + i / 10);
        }

        assertThat(pace.active(NOW)).isFalse();
        assertThat(pace.perSecond(NOW)).isEqualTo(10.0);
        assertThat(pace.secondsFor(5, NOW)).isEmpty();
        assertThat(new RunPace().perSecond(NOW)).isZero();
    }

    @Test
    void theSamePaceIsAskedAgainAsTimeGoesOn() {
        RunPace pace = new RunPace();
        for (int i = 0; i < 60; i++) {
            pace.add(NOW + i);
        }

        assertThat(pace.perSecond(NOW + 60)).isEqualTo(59.0 / 60, within(0.02));
        assertThat(pace.perSecond(NOW + 90)).isEqualTo(29.0 / 60, within(0.02));
        assertThat(pace.active(NOW + 119)).isFalse();
    }

    @Test
    void amountsOlderThanThoseKeptAreDropped() {
        SecondCounts counts = new SecondCounts(10);
        counts.add(NOW, 5);
        counts.add(NOW + 9, 2);
        counts.add(NOW + 4, 1);
        assertThat(counts.sum(NOW, NOW + 9)).isEqualTo(8);

        counts.add(NOW + 10, 3);
        counts.add(NOW, 7);

        assertThat(counts.sum(NOW, NOW + 10)).isEqualTo(6);
        assertThat(counts.sum(NOW + 4, NOW + 4)).isEqualTo(1);
    }
}
