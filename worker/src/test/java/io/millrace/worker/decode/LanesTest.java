package io.millrace.worker.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.job.Message;
import io.millrace.job.SamplingParams;
import io.millrace.worker.pipeline.Decoder;
import io.millrace.worker.pipeline.Decoder.Outcome;
import io.millrace.worker.pipeline.EngineFigures;
import io.millrace.worker.pipeline.EngineInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static final DecodeSettings SETTINGS = new DecodeSettings(
            32, 64, true, 1 << 20, 3, Duration.ofHours(1), 1000, Duration.ofSeconds(RecordingListener.TOO_SLOW));

    private final RecordingListener listener = new RecordingListener();

    @Test
    void lanesLookLikeOneDecoderWithTheSlotsOfAll() throws Exception {
        try (Lanes lanes = lanes(engine(), engine(), engine())) {
            lanes.start(listener);
            assertThat(listener.next(RecordingListener.Ready.class).info().slots())
                    .isEqualTo(12);

            for (int i = 0; i < 300; i++) {
                lanes.submit(i, Jobs.asking(i, "job " + i));
            }

            Map<Long, Outcome> outcomes = listener.outcomes(300);
            outcomes.forEach((ticket, outcome) -> assertThat(text(outcome)).isEqualTo("<job " + ticket + ">"));
            assertThat(listener.threads()).contains("decode-scripted-0", "decode-scripted-1", "decode-scripted-2");
        }
    }

    @Test
    void whatALaneHasReadTheOthersNeedNotRead() throws Exception {
        String asked = "a prompt that is longer than what makes a copy worth it";
        int stepsOfFirst = asked.length() + 3;
        Fault.Stall stall = new Fault.Stall(stepsOfFirst + 1, new CountDownLatch(1), new CountDownLatch(1));
        try (Lanes lanes = lanes(engine(stall), engine())) {
            lanes.start(listener);
            listener.next(RecordingListener.Ready.class);
            lanes.submit(0, Jobs.asking(0, asked));
            assertThat(cached(listener.outcomes(1).get(0L))).isZero();
            lanes.submit(1, Jobs.asking(1, "in the lane that stalls"));
            assertThat(stall.begun().await(RecordingListener.TOO_SLOW, TimeUnit.SECONDS))
                    .isTrue();

            lanes.submit(2, Jobs.asking(2, asked));

            assertThat(cached(listener.outcomes(1).get(2L))).isGreaterThan(asked.length());
            stall.released().countDown();
        }
    }

    private static int cached(Outcome outcome) {
        return ((Outcome.Answered) outcome).usage().cachedTokens();
    }

    @Test
    void aBusyLaneGetsNoMoreThanItsShare() throws Exception {
        Fault.Stall stall = new Fault.Stall(1, new CountDownLatch(1), new CountDownLatch(1));
        try (Lanes lanes = lanes(engine(stall), engine())) {
            lanes.start(listener);
            listener.next(RecordingListener.Ready.class);
            lanes.submit(0, Jobs.asking(0, "in the lane that stalls"));
            assertThat(stall.begun().await(RecordingListener.TOO_SLOW, TimeUnit.SECONDS))
                    .isTrue();

            // Each comes when the one before it has ended, so the other lane is always the emptier one.
            for (int i = 1; i <= 20; i++) {
                lanes.submit(i, Jobs.asking(i, "job " + i));
                assertThat(listener.outcomes(1)).containsOnlyKeys((long) i);
            }

            stall.released().countDown();
            assertThat(listener.outcomes(1)).containsOnlyKeys(0L);
        }
    }

    @Test
    void samplesCountAsLoadAndStayTogether() throws Exception {
        Fault.Stall stall = new Fault.Stall(1, new CountDownLatch(1), new CountDownLatch(1));
        try (Lanes lanes = lanes(engine(stall), engine())) {
            lanes.start(listener);
            listener.next(RecordingListener.Ready.class);
            lanes.submit(0, Jobs.job(0, List.of(new Message("user", "four")), Jobs.params(64, 0, 4)));
            assertThat(stall.begun().await(RecordingListener.TOO_SLOW, TimeUnit.SECONDS))
                    .isTrue();

            // Three jobs of one sample weigh less than the one of four.
            for (int i = 1; i <= 3; i++) {
                lanes.submit(i, Jobs.asking(i, "job " + i));
            }
            assertThat(listener.outcomes(3)).containsOnlyKeys(1L, 2L, 3L);

            stall.released().countDown();
            Outcome.Answered four = (Outcome.Answered) listener.outcomes(1).get(0L);
            assertThat(four.choices())
                    .hasSize(4)
                    .allMatch(choice -> choice.text().equals("<four>"));
        }
    }

    @Test
    void aCancelledJobLeavesItsLane() throws Exception {
        Fault.Stall stall = new Fault.Stall(1, new CountDownLatch(1), new CountDownLatch(1));
        try (Lanes lanes = lanes(new ScriptedEngine(4, 100_000, 512, ScriptedEngine.ECHO, List.of(stall)), engine())) {
            lanes.start(listener);
            listener.next(RecordingListener.Ready.class);
            SamplingParams endless = Jobs.params(90_000, 0, 1, 0, Map.of(), true);
            lanes.submit(0, Jobs.job(0, List.of(new Message("user", "unwanted")), endless));
            assertThat(stall.begun().await(RecordingListener.TOO_SLOW, TimeUnit.SECONDS))
                    .isTrue();

            lanes.cancel(0);
            stall.released().countDown();
            lanes.submit(1, Jobs.asking(1, "wanted"));
            lanes.submit(2, Jobs.asking(2, "wanted too"));

            assertThat(listener.outcomes(2)).containsOnlyKeys(1L, 2L);
        }
    }

    @Test
    void aStuckLaneKeepsTheFiguresBack() throws Exception {
        Fault.Stall stall = new Fault.Stall(1, new CountDownLatch(1), new CountDownLatch(1));
        DecodeSettings often = new DecodeSettings(
                32, 64, true, 1 << 20, 3, Duration.ofMillis(1), 1000, Duration.ofSeconds(RecordingListener.TOO_SLOW));
        AtomicInteger sums = new AtomicInteger();
        ScriptedEngine stuck = engine(stall);
        ScriptedEngine other = engine();
        try (Lanes lanes = new Lanes("scripted", List.of(() -> stuck, () -> other), often, System::nanoTime)) {
            lanes.start(new CountingListener(listener, sums));
            listener.next(RecordingListener.Ready.class);
            lanes.submit(0, Jobs.asking(0, "stuck"));
            assertThat(stall.begun().await(RecordingListener.TOO_SLOW, TimeUnit.SECONDS))
                    .isTrue();
            int before = sums.get();
            for (int i = 1; i <= 100; i++) {
                lanes.submit(i, Jobs.asking(i, "well"));
                listener.outcomes(1);
            }

            // The stuck lane may have told its figures just before.
            assertThat(sums.get()).isLessThanOrEqualTo(before + 1);
            stall.released().countDown();
            listener.outcomes(1);
            EngineFigures figures =
                    listener.next(RecordingListener.Figures.class).figures();
            while (figures.finishedSequences() < 101) {
                figures = listener.next(RecordingListener.Figures.class).figures();
            }
            assertThat(figures.kvCapacity()).as("cells of both").isEqualTo(2048);
        }
    }

    @Test
    void oneFailedLaneFailsTheDecoder() throws Exception {
        Supplier<Engine> broken = () -> {
            throw new EngineException("no memory for a second context: try fewer slots");
        };
        try (Lanes lanes = new Lanes("scripted", List.of(LanesTest::engine, broken), SETTINGS, System::nanoTime)) {
            lanes.start(listener);

            assertThat(listener.next(RecordingListener.Failed.class).reason())
                    .isEqualTo("no memory for a second context: try fewer slots");
        }
    }

    private static Lanes lanes(ScriptedEngine... engines) {
        List<Supplier<Engine>> suppliers = new ArrayList<>();
        for (ScriptedEngine engine : engines) {
            suppliers.add(() -> engine);
        }
        return new Lanes("scripted", suppliers, SETTINGS, System::nanoTime);
    }

    private static ScriptedEngine engine(Fault... faults) {
        return new ScriptedEngine(4, 256, 512, ScriptedEngine.ECHO, List.of(faults));
    }

    private static String text(Outcome outcome) {
        return ((Outcome.Answered) outcome).choices().get(0).text();
    }

    /** Counts the sums of figures on their way to the other listener. */
    private record CountingListener(RecordingListener next, AtomicInteger sums) implements Decoder.Listener {
        @Override
        public void ready(EngineInfo info) {
            next.ready(info);
        }

        @Override
        public void finished(List<Outcome> outcomes) {
            next.finished(outcomes);
        }

        @Override
        public void died(String reason) {
            next.died(reason);
        }

        @Override
        public void failed(String reason) {
            next.failed(reason);
        }

        @Override
        public void figures(EngineFigures figures) {
            sums.incrementAndGet();
            next.figures(figures);
        }
    }
}
