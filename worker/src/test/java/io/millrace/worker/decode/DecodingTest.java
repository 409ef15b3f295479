package io.millrace.worker.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.job.Choice;
import io.millrace.job.FailureKind;
import io.millrace.job.FinishReason;
import io.millrace.job.Job;
import io.millrace.job.Message;
import io.millrace.job.SamplingParams;
import io.millrace.job.Timings;
import io.millrace.job.Usage;
import io.millrace.worker.pipeline.Decoder.Outcome;
import io.millrace.worker.pipeline.EngineFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecodingTest {
    private static final int SLOTS = 4;
    private static final String LONG_SYSTEM = "You answer with what you were told, word by word. ".repeat(2);

    private long now;
    private ScriptedEngine engine = engine();
    private Decoding decoding = decoding(engine);

    @Test
    void aJobIsAnsweredAndTheEndingTokenCounted() {
        submit(1, Jobs.asking(0, "żółw"));

        Outcome.Answered answered = answered(run().get(0));

        assertThat(answered.ticket()).isEqualTo(1);
        assertThat(answered.choices())
                .containsExactly(new Choice(
                        0,
                        "<żółw>",
                        FinishReason.STOP,
                        10,
                        Jobs.asking(0, "żółw").sampleSeed(0)));
        int promptTokens = "?user\nżółw?\n?assistant\n".length() + 3;
        assertThat(answered.usage()).isEqualTo(new Usage(promptTokens, 10, 0));
        assertThat(decoding.idle()).isTrue();
    }

    @Test
    void maxTokensEndASample() {
        submit(1, Jobs.job(0, user("0123456789"), Jobs.params(5, 0, 1)));

        Choice choice = answered(run().get(0)).choices().get(0);

        assertThat(choice.text()).isEqualTo("<0123");
        assertThat(choice.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(choice.completionTokens()).isEqualTo(5);
    }

    @Test
    void maxTokensInTheMiddleOfACharacterLeaveItOut() {
        submit(1, Jobs.job(0, user("🐢"), Jobs.params(3, 0, 1)));

        assertThat(answered(run().get(0)).choices().get(0).text()).isEqualTo("<");
    }

    @Test
    void aStopTextOverManyTokensEndsASample() {
        submit(1, Jobs.job(0, user("go on\nUser: no"), Jobs.params(64, 0, 1, "never", "\nUser:")));

        Choice choice = answered(run().get(0)).choices().get(0);

        assertThat(choice.text()).isEqualTo("<go on");
        assertThat(choice.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(choice.completionTokens()).isEqualTo("<go on\nUser:".length());
    }

    @Test
    void ignoreEosGoesOnToMaxTokens() {
        submit(1, Jobs.job(0, user("hi"), Jobs.params(9, 0, 1, 0, Map.of(), true)));

        Choice choice = answered(run().get(0)).choices().get(0);

        assertThat(choice.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(choice.completionTokens()).isEqualTo(9);
        assertThat(choice.text()).isEqualTo("<hi>");
    }

    @Test
    void samplesShareThePromptAndHaveSeedsOfTheirOwn() {
        Job job = Jobs.job(
                0, List.of(new Message("system", LONG_SYSTEM), new Message("user", "hi")), Jobs.params(64, 1, 6));
        submit(1, job);

        Outcome.Answered answered = answered(run().get(0));

        assertThat(answered.choices()).hasSize(6);
        for (int i = 0; i < 6; i++) {
            assertThat(answered.choices().get(i).index()).isEqualTo(i);
            assertThat(answered.choices().get(i).text()).isEqualTo("<hi>" + Long.toHexString(job.sampleSeed(i)));
        }
        int promptTokens = answered.usage().promptTokens();
        assertThat(answered.usage().completionTokens())
                .isEqualTo(answered.choices().stream()
                        .mapToInt(Choice::completionTokens)
                        .sum());
        EngineFigures figures = decoding.figures();
        assertThat(figures.promptTokens()).isEqualTo(promptTokens + 5);
        assertThat(figures.cachedTokens()).isEqualTo(5L * (promptTokens - 1));
        assertThat(figures.finishedSequences()).isEqualTo(6);
    }

    @Test
    void jobsWithOneSystemMessageShareItsPrefill() {
        for (int i = 0; i < 40; i++) {
            submit(
                    i,
                    Jobs.job(
                            i,
                            List.of(new Message("system", LONG_SYSTEM), new Message("user", "job " + i)),
                            Jobs.params(64, 0, 1)));
        }

        List<Outcome> outcomes = run();

        assertThat(outcomes).hasSize(40);
        for (Outcome outcome : outcomes) {
            assertThat(answered(outcome).choices().get(0).text()).isEqualTo("<job " + outcome.ticket() + ">");
        }
        assertThat(decoding.figures().promptTokens()).isLessThan(LONG_SYSTEM.length() + 100 + 40 * 40);
    }

    @Test
    void aCancelledJobHasNoOutcome() {
        submit(1, Jobs.asking(1, "one"));
        submit(2, Jobs.job(2, user("two"), Jobs.params(64, 0, 9)));
        decoding.step();
        decoding.step();

        decoding.accept(new Arrival.Cancelled(2));
        decoding.accept(new Arrival.Cancelled(2));
        decoding.accept(new Arrival.Cancelled(99));

        assertThat(run()).extracting(Outcome::ticket).containsExactly(1L);
        assertThat(decoding.figures().kvTokens()).isZero();
        assertThat(decoding.figures().waitingSequences()).isZero();
    }

    @Test
    void aJobThatNeverFitsIsRefusedWithItsNumbers() {
        submit(1, Jobs.job(0, user("x".repeat(200)), Jobs.params(64, 0, 1)));

        assertThat(run())
                .containsExactly(new Outcome.Refused(
                        1,
                        FailureKind.CONTEXT_WINDOW_EXCEEDED,
                        "the prompt has 219 tokens and max_tokens is 64, together 283, but a slot has 256: shorten the"
                                + " prompt, lower max_tokens or give the worker's slots more context"));
    }

    @Test
    void aBiasForATokenThatDoesNotExistIsRefused() {
        submit(1, Jobs.job(0, user("x"), Jobs.params(64, 0, 1, 0, Map.of(258, 1.0), false)));

        assertThat(run())
                .containsExactly(new Outcome.Refused(
                        1, FailureKind.INVALID_JOB, "logit_bias names token 258, but the model's tokens are 0 to 257"));
    }

    @Test
    void aFailedStepRefusesTheJobsInItAndTheOthersGoOn() {
        use(new ScriptedEngine(SLOTS, 256, 512, ScriptedEngine.ECHO, List.of(new Fault.ThrowAtStep(3, "out of luck"))));
        for (int i = 0; i < 6; i++) {
            submit(i, Jobs.asking(i, "job " + i));
        }

        List<Outcome> outcomes = run();

        for (int i = 0; i < 4; i++) {
            assertThat(outcomes.get(i)).isEqualTo(new Outcome.Refused(i, FailureKind.ENGINE_ERROR, "out of luck"));
        }
        assertThat(outcomes.subList(4, 6))
                .extracting(o -> answered(o).choices().get(0).text())
                .containsExactly("<job 4>", "<job 5>");
    }

    @Test
    void threeFailedStepsInARowAreTheEnd() {
        use(new ScriptedEngine(
                SLOTS,
                256,
                512,
                ScriptedEngine.ECHO,
                List.of(
                        new Fault.ThrowAtStep(1, "one"),
                        new Fault.ThrowAtStep(3, "three"),
                        new Fault.ThrowAtStep(4, "four"),
                        new Fault.ThrowAtStep(5, "five"))));
        for (int i = 0; i < 40; i++) {
            submit(i, Jobs.asking(i, "job " + i));
        }

        assertThatThrownBy(this::run)
                .isInstanceOf(EngineException.class)
                .hasMessage("3 steps in a row failed, the last: five");
        assertThat(engine.steps()).isEqualTo(5);
    }

    @Test
    void aJobWithoutASamplerIsRefusedAndTheOthersGoOn() {
        SamplingParams bad = Jobs.params(64, 0, 3, ScriptedEngine.REFUSED_PENALTY, Map.of(), false);
        submit(1, Jobs.job(1, user("bad"), bad));
        submit(2, Jobs.asking(2, "good"));
        submit(3, Jobs.job(3, user("bad"), bad));

        List<Outcome> outcomes = run();

        assertThat(outcomes).extracting(Outcome::ticket).containsExactlyInAnyOrder(1L, 2L, 3L);
        assertThat(outcomes).filteredOn(Outcome.Refused.class::isInstance).hasSize(2);
        assertThat(decoding.figures().kvTokens()).isZero();
    }

    @Test
    void aTicketIsUsedOnce() {
        submit(1, Jobs.asking(1, "one"));

        assertThatThrownBy(() -> submit(1, Jobs.asking(1, "one")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("ticket 1 was handed over twice");
    }

    @Test
    void timingsTellWhereTheTimeWent() {
        PromptReader reader = new PromptReader(engine.tokenizer(), engine.info());
        decoding.accept(reader.read(1, Jobs.asking(1, "x"), now));
        now = 5_000_000;
        decoding.step();
        now = 12_000_000;
        decoding.step();

        Timings timings = answered(run().get(0)).timings();

        assertThat(timings).isEqualTo(new Timings(5, 0, 7));
    }

    private static ScriptedEngine engine() {
        return new ScriptedEngine(SLOTS, 256, 512, ScriptedEngine.ECHO, List.of());
    }

    private Decoding decoding(ScriptedEngine with) {
        return new Decoding(with, DecodeSettings.DEFAULTS, () -> now);
    }

    private void use(ScriptedEngine other) {
        engine = other;
        decoding = decoding(other);
    }

    private void submit(long ticket, Job job) {
        decoding.accept(new PromptReader(engine.tokenizer(), engine.info()).read(ticket, job, now));
    }

    private List<Outcome> run() {
        while (!decoding.idle()) {
            decoding.step();
        }
        return new ArrayList<>(decoding.takeOutcomes());
    }

    private static List<Message> user(String content) {
        return List.of(new Message("user", content));
    }

    private static Outcome.Answered answered(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Answered.class);
        return (Outcome.Answered) outcome;
    }
}
