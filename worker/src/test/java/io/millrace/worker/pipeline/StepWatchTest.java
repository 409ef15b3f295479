package io.millrace.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StepWatchTest {
    private static final long SECOND = 1_000_000_000L;

    private final StepWatch watch = new StepWatch(Duration.ofSeconds(60));

    @Test
    void aStepIsStuckWhenNoneHasEndedWithinTheTimeOut() {
        watch.alive(5 * SECOND);

        assertThat(watch.stuck(65 * SECOND)).isEmpty();
        assertThat(watch.stuck(66 * SECOND)).contains(Duration.ofSeconds(61));
        watch.alive(67 * SECOND);
        assertThat(watch.stuck(100 * SECOND)).isEmpty();
    }

    @Test
    void figuresCountOnlyWhenTheirStepsDo() {
        watch.alive(0);
        watch.counted(7, 10 * SECOND);
        watch.counted(7, 60 * SECOND);

        assertThat(watch.stuck(71 * SECOND)).contains(Duration.ofSeconds(61));
        watch.counted(8, 72 * SECOND);
        assertThat(watch.stuck(73 * SECOND)).isEmpty();
    }

    @Test
    void theEngineIsToBeKilledOnceAfterFiveTimesAsLong() {
        watch.alive(0);

        assertThat(watch.killNow(300 * SECOND)).isFalse();
        assertThat(watch.killNow(301 * SECOND)).isTrue();
        assertThat(watch.killNow(302 * SECOND)).isFalse();
        watch.alive(310 * SECOND);
        assertThat(watch.killNow(611 * SECOND)).isTrue();
    }
}
