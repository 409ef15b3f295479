package io.millrace.producer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.job.InvalidFieldException;
import io.millrace.job.Job;
import io.millrace.job.Message;
import io.millrace.job.SamplingParams;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SweepTest {
    private static final Message SYSTEM = new Message("system", "Own.");
    private static final Message USER = new Message("user", "Say \"hi\".");
    private static final Task TASK =
            new Task("a\\1", List.of(SYSTEM, USER), ParamPatch.NONE, "{\"reference\": \"hi\"}");

    @Test
    void aTaskIsAJobForEveryPoint() {
        JobPlanner planner = planner(point(0, Optional.empty(), ""), point(1, Optional.empty(), ""));

        Job first = planner.job(TASK, 6);
        Job second = planner.job(TASK, 7);

        assertThat(planner.jobsPerTask()).isEqualTo(2);
        assertThat(first.customId()).isEqualTo("a\\1@p0");
        assertThat(second.customId()).isEqualTo("a\\1@p1");
        assertThat(second.id().index()).isEqualTo(7);
        assertThat(second.metadata())
                .isEqualTo("{\"reference\": \"hi\",\"sweep\":{\"task\":\"a\\\\1\",\"point\":\"p1\"}}");
        assertThat(planner.job(new Task("b", List.of(USER), ParamPatch.NONE, ""), 1)
                        .metadata())
                .isEqualTo("{\"sweep\":{\"task\":\"b\",\"point\":\"p1\"}}");
        assertThat(second.sampleSeed(0)).isNotEqualTo(first.sampleSeed(0));
    }

    @Test
    void aPointsSystemMessageTakesTheTasksPlace() {
        JobPlanner planner = planner(
                point(0, Optional.empty(), ""), point(1, Optional.of("Point."), ""), point(2, Optional.of(""), ""));

        assertThat(planner.job(TASK, 0).messages()).containsExactly(SYSTEM, USER);
        assertThat(planner.job(TASK, 1).messages()).containsExactly(new Message("system", "Point."), USER);
        assertThat(planner.job(TASK, 2).messages()).containsExactly(USER);
    }

    @Test
    void aTemplateMakesTheLastMessageOfTheUserAndKeepsItInTheMetadata() {
        Job job = planner(point(0, Optional.empty(), "Q: {{prompt}} ({{ reference }}) {{prompt}}"))
                .job(TASK, 0);

        assertThat(job.messages().get(1)).isEqualTo(new Message("user", "Q: Say \"hi\". (hi) Say \"hi\"."));
        assertThat(job.metadata())
                .contains("\"sweep\":{\"task\":\"a\\\\1\",\"point\":\"p0\",\"prompt\":\"Say \\\"hi\\\".\"}");
    }

    @Test
    void aTemplateThatNamesWhatTheTaskLacksIsRefused() {
        assertThatExceptionOfType(InvalidFieldException.class)
                .isThrownBy(
                        () -> planner(point(0, Optional.empty(), "{{topic}}")).job(TASK, 0))
                .withMessageContaining("topic")
                .withMessageContaining("a\\1");
        assertThatExceptionOfType(InvalidFieldException.class).isThrownBy(() -> PromptTemplate.of("{{prompt"));
        assertThatExceptionOfType(InvalidFieldException.class).isThrownBy(() -> PromptTemplate.of("{{ }}"));
    }

    @Test
    void anotherPointMakesAnotherRun() {
        RunOptions one = options(point(0, Optional.empty(), ""));
        RunOptions same = options(new SweepPoint(
                "p0",
                "another label",
                new TreeMap<>(),
                ParamPatch.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
        RunOptions other = options(point(0, Optional.of(""), ""));

        assertThat(RunId.of("ab", one, "")).isEqualTo(RunId.of("ab", same, ""));
        assertThat(RunId.of("ab", one, "")).isNotEqualTo(RunId.of("ab", other, ""));
    }

    private static SweepPoint point(int number, Optional<String> system, String template) {
        return new SweepPoint(
                "p" + number,
                "label",
                new TreeMap<>(),
                ParamPatch.NONE,
                system,
                template.isEmpty() ? Optional.empty() : Optional.of(PromptTemplate.of(template)),
                Optional.empty());
    }

    private static RunOptions options(SweepPoint... points) {
        return new RunOptions(
                SamplingParams.DEFAULTS,
                Optional.empty(),
                "tiny",
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.of(new Sweep(List.of(points))),
                false);
    }

    private static JobPlanner planner(SweepPoint... points) {
        TaskFields fields = (metadata, field) -> field.equals("reference") ? Optional.of("hi") : Optional.empty();
        return new JobPlanner("ab".repeat(8), options(points), fields);
    }
}
