package io.millrace.worker.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.job.FailureKind;
import io.millrace.job.Message;
import io.millrace.job.SamplingParams;
import io.millrace.worker.pipeline.Decoder.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DecodeLoopTest {
    private static final Duration NEVER = Duration.ofHours(1);

    private final RecordingListener listener = new RecordingListener();

    @Test
    void jobsAreAnsweredOnTheDecodeThread() throws Exception {
        ScriptedEngine engine = engine();
        try (DecodeLoop loop = loop(engine, NEVER)) {
            loop.start(listener);
            assertThat(listener.next(RecordingListener.Ready.class).info()).isEqualTo(engine.info());

            for (int i = 0; i < 50; i++) {
                loop.submit(i, Jobs.asking(i, "job " + i));
            }

            Map<Long, Outcome> outcomes = listener.outcomes(50);
            for (Outcome outcome : outcomes.values()) {
                assertThat(text(outcome)).isEqualTo("<job " + outcome.ticket() + ">");
            }
            assertThat(listener.threads()).containsExactly("decode-scripted");
        }
        assertThat(engine.closed()).isTrue();
    }

    @Test
    void anEngineThatCannotBeMadeIsToldInItsOwnWords() throws Exception {
        try (DecodeLoop loop = new DecodeLoop(
                "scripted",
                () -> {
                    throw new EngineException("no model file /models/none.gguf: give another by --model");
                },
                DecodeSettings.DEFAULTS,
                System::nanoTime)) {
            loop.start(listener);

            assertThat(listener.next(RecordingListener.Failed.class).reason())
                    .isEqualTo("no model file /models/none.gguf: give another by --model");
        }
    }

    @Test
    void anEngineThatFailsAgainAndAgainEndsTheLoop() throws Exception {
        ScriptedEngine engine = engine(
                new Fault.ThrowAtStep(1, "one"), new Fault.ThrowAtStep(2, "two"), new Fault.ThrowAtStep(3, "three"));
        try (DecodeLoop loop = loop(engine, NEVER)) {
            loop.start(listener);
            listener.next(RecordingListener.Ready.class);
            for (int i = 0; i < 3; i++) {
                loop.submit(i, Jobs.asking(i, "job"));
                assertThat(listener.outcomes(1).get((long) i)).isInstanceOf(Outcome.Refused.class);
            }

            assertThat(listener.next(RecordingListener.Failed.class).reason())
                    .isEqualTo("3 steps in a row failed, the last: three");
        }
        assertThat(engine.closed()).isTrue();
    }

    @Test
    void aJobThatCannotRunIsRefusedWhileNothingRuns() throws Exception {
        try (DecodeLoop loop = loop(engine(), NEVER)) {
            loop.start(listener);
            listener.next(RecordingListener.Ready.class);

            loop.submit(1, Jobs.asking(1, "x".repeat(1000)));

            Outcome.Refused refused = (Outcome.Refused) listener.outcomes(1).get(1L);
            assertThat(refused.kind()).isEqualTo(FailureKind.CONTEXT_WINDOW_EXCEEDED);
        }
    }

    @Test
    void aJobCancelledInMidStepHasNoOutcome() throws Exception {
        Fault.Stall stall = new Fault.Stall(1, new CountDownLatch(1), new CountDownLatch(1));
        ScriptedEngine engine = new ScriptedEngine(4, 100_000, 512, ScriptedEngine.ECHO, List.of(stall));
        try (DecodeLoop loop = loop(engine, NEVER)) {
            loop.start(listener);
            listener.next(RecordingListener.Ready.class);
            SamplingParams endless = Jobs.params(90_000, 0, 1, 0, Map.of(), true);
            loop.submit(1, Jobs.job(1, List.of(new Message("user", "one")), endless));
            assertThat(stall.begun().await(RecordingListener.TOO_SLOW, TimeUnit.SECONDS))
                    .isTrue();

            loop.cancel(1);
            loop.submit(2, Jobs.asking(2, "two"));
            stall.released().countDown();

            // What follows a cancellation reaches the decode thread after it.
            assertThat(listener.outcomes(1)).containsOnlyKeys(2L);
        }
    }

    @Test
    void figuresAreToldAgainAndAgainAndAtTheEnd() throws Exception {
        DecodeLoop loop = loop(engine(), Duration.ofMillis(1));
        loop.start(listener);
        listener.next(RecordingListener.Ready.class);
        assertThat(listener.next(RecordingListener.Figures.class).figures().kvCapacity())
                .isEqualTo(1024);
        listener.next(RecordingListener.Figures.class);
        loop.close();
    }

    @Test
    void theLastFiguresAreToldAtTheEnd() throws Exception {
        DecodeLoop loop = loop(engine(), NEVER);
        loop.start(listener);
        listener.next(RecordingListener.Ready.class);
        loop.submit(1, Jobs.asking(1, "one"));
        listener.outcomes(1);

        loop.close();

        assertThat(listener.next(RecordingListener.Figures.class).figures().finishedSequences())
                .isEqualTo(1);
    }

    private static DecodeLoop loop(Engine engine, Duration figuresEvery) {
        DecodeSettings settings = new DecodeSettings(
                32, 64, true, 1 << 20, 3, figuresEvery, 1000, Duration.ofSeconds(RecordingListener.TOO_SLOW));
        return new DecodeLoop("scripted", () -> engine, settings, System::nanoTime);
    }

    private static ScriptedEngine engine(Fault... faults) {
        return new ScriptedEngine(4, 256, 512, ScriptedEngine.ECHO, List.of(faults));
    }

    private static String text(Outcome outcome) {
        return ((Outcome.Answered) outcome).choices().get(0).text();
    }
}
