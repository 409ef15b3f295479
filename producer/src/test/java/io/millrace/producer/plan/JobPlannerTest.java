package io.millrace.producer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.job.InvalidFieldException;
import io.millrace.job.Job;
import io.millrace.job.Message;
import io.millrace.job.SamplingParams;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobPlannerTest {
    private static final String INPUT = "ab".repeat(32);
    private static final RunOptions OPTIONS = options(SamplingParams.DEFAULTS, Optional.empty());

    @Test
    void aTasksParametersGoBeforeTheRuns() {
        ParamPatch patch = new ParamPatch(
                OptionalInt.of(7),
                OptionalDouble.of(0),
                OptionalInt.empty(),
                OptionalDouble.empty(),
                OptionalDouble.of(0.2),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Optional.of(Map.of(5, -100.0)),
                OptionalLong.of(9),
                Optional.of(List.of("END")),
                OptionalInt.empty(),
                Optional.of(true));
        Job job = planner(OPTIONS).job(task(patch, new Message("user", "Hi!")), 3);

        assertThat(job.id().toString()).isEqualTo(RunId.of(INPUT, OPTIONS, "") + "-3");
        assertThat(job.params().maxTokens()).isEqualTo(7);
        assertThat(job.params().temperature()).isZero();
        assertThat(job.params().topK()).isEqualTo(SamplingParams.DEFAULTS.topK());
        assertThat(job.params().topP()).isEqualTo(SamplingParams.DEFAULTS.topP());
        assertThat(job.params().minP()).isEqualTo(0.2);
        assertThat(job.params().logitBias()).isEqualTo(Map.of(5, -100.0));
        assertThat(job.params().seed()).isEqualTo(OptionalLong.of(9));
        assertThat(job.params().stop()).containsExactly("END");
        assertThat(job.params().n()).isEqualTo(1);
        assertThat(job.params().ignoreEos()).isTrue();
        assertThat(planner(OPTIONS)
                        .job(task(ParamPatch.NONE, new Message("user", "Hi!")), 3)
                        .params())
                .isEqualTo(SamplingParams.DEFAULTS);
    }

    @Test
    void theSystemMessageIsAddedWhereTheTaskHasNone() {
        JobPlanner planner = planner(options(SamplingParams.DEFAULTS, SystemMessage.of("Be brief.")));
        Message user = new Message("user", "Hi!");
        Message own = new Message("system", "Be long.");

        assertThat(planner.job(task(ParamPatch.NONE, user), 0).messages())
                .containsExactly(new Message("system", "Be brief."), user);
        assertThat(planner.job(task(ParamPatch.NONE, own, user), 0).messages()).containsExactly(own, user);
        assertThat(planner(OPTIONS).job(task(ParamPatch.NONE, user), 0).messages())
                .containsExactly(user);
    }

    /** The lengths are those of the text in the model's token vectors. */
    @Test
    void theLlama2MessageHasABlankLineAndEndsWithALinesEnd() {
        String message = SystemMessage.of("llama2").orElseThrow();

        assertThat(message.lines()).hasSize(3);
        assertThat(message.split("\n", -1)[1]).isEmpty();
        assertThat(message)
                .startsWith("You are a helpful, respectful and honest assistant. Always answer")
                .contains("positive in nature.\n\nIf a question does not make any sense")
                .endsWith("please don't share false information.\n");
        assertThat(SystemMessage.of("none")).isEmpty();
        assertThatExceptionOfType(InvalidFieldException.class)
                .isThrownBy(() -> SystemMessage.of("x".repeat(300_000)))
                .withMessage("--system must be at most 262144 characters, not 300000 characters");
    }

    @Test
    void theSameInputAndOptionsGiveTheSameRunAndAnyOtherOneAnother() {
        Set<String> ids = new HashSet<>();
        SamplingParams some = SamplingParams.DEFAULTS;
        ids.add(RunId.of(INPUT, OPTIONS, ""));
        ids.add(RunId.of(INPUT, OPTIONS, "again"));
        ids.add(RunId.of("cd".repeat(32), OPTIONS, ""));
        ids.add(RunId.of(INPUT, options(some, Optional.of("system")), ""));
        ids.add(RunId.of(INPUT, options(with(some, List.of("a", "b")), Optional.empty()), ""));
        ids.add(RunId.of(INPUT, options(with(some, List.of("a\nstop.1=\"b\"")), Optional.empty()), ""));
        ids.add(RunId.of(
                INPUT,
                new RunOptions(some, Optional.empty(), "tiny-chatml", OptionalLong.of(1), OptionalLong.empty()),
                ""));
        ids.add(RunId.of(
                INPUT,
                new RunOptions(some, Optional.empty(), "tiny-chatml", OptionalLong.empty(), OptionalLong.of(1)),
                ""));

        assertThat(ids).hasSize(8).allMatch(id -> id.matches("[0-9a-f]{16}"));
        assertThat(RunId.of(INPUT, options(some, Optional.empty()), "")).isEqualTo(RunId.of(INPUT, OPTIONS, ""));
    }

    @Test
    void theRunsSeedIsTheOneAskedForOrComesFromTheRunId() {
        String id = RunId.of(INPUT, OPTIONS, "");
        RunOptions seeded = new RunOptions(
                SamplingParams.DEFAULTS, Optional.empty(), "tiny-chatml", OptionalLong.of(-5), OptionalLong.empty());

        assertThat(RunId.seed(id, seeded)).isEqualTo(-5);
        assertThat(RunId.seed(id, OPTIONS)).isBetween(0L, (1L << 53) - 1).isEqualTo(RunId.seed(id, OPTIONS));
        assertThat(RunId.seed("other", OPTIONS)).isNotEqualTo(RunId.seed(id, OPTIONS));
    }

    private static RunOptions options(SamplingParams params, Optional<String> system) {
        return new RunOptions(params, system, "tiny-chatml", OptionalLong.empty(), OptionalLong.empty());
    }

    private static SamplingParams with(SamplingParams p, List<String> stop) {
        return new SamplingParams(
                p.maxTokens(),
                p.temperature(),
                p.topK(),
                p.topP(),
                p.minP(),
                p.repeatPenalty(),
                p.repeatLastN(),
                p.presencePenalty(),
                p.frequencyPenalty(),
                p.logitBias(),
                p.seed(),
                stop,
                p.n(),
                p.ignoreEos());
    }

    private static JobPlanner planner(RunOptions options) {
        return new JobPlanner(RunId.of(INPUT, options, ""), options);
    }

    private static Task task(ParamPatch params, Message... messages) {
        return new Task("task", List.of(messages), params, "");
    }
}
