package io.millrace.producer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.job.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Figures on evaluations small enough to reckon by hand. */
class FiguresTest {

    @Test
    void pointsOfOneRightOrWrongSampleAreComparedByMcNemarToo() {
        Evaluation evaluation = evaluation(
                List.of(point(0, "a", Map.of()), point(0, "b", Map.of())),
                List.of(scored(1.0, 0.0), scored(1.0, 0.0), scored(1.0, 0.0), scored(0.0, 1.0), scored(1.0, 1.0)));

        Figures figures = Figures.of(evaluation);
        Comparison comparison = figures.comparisons().get(0);

        assertThat(comparison.difference().interval().mean()).isEqualTo(0.4, within(1e-12));
        // Of four coins three or more, or one or less, show the same side: 10 of 16.
        assertThat(comparison.discordance()).contains(new Comparison.Discordance(3, 1, 0.625));
        assertThat(figures.points().get(0).scores().get("s").mean().mean()).isEqualTo(0.8, within(1e-12));
        assertThat(figures.points().get(0).scores().get("s").passAtK()).isEmpty();
    }

    @Test
    void manyPointsAreComparedWithTheFirstOnly() {
        List<Point> points = new ArrayList<>();
        Double[] scores = new Double[20];
        for (int i = 0; i < 20; i++) {
            points.add(point(0, "p" + i, Map.of()));
            scores[i] = i / 20.0;
        }

        List<Comparison> comparisons = Figures.of(evaluation(points, List.of(scored(scores), scored(scores))))
                .comparisons();

        assertThat(comparisons)
                .hasSize(19)
                .allSatisfy(comparison -> assertThat(comparison.first()).isZero());
    }

    @Test
    void aSweptNumberHasALineForEachCombinationOfTheOtherSettings() {
        Evaluation evaluation = evaluation(
                List.of(
                        point(0, "a", Map.of("temperature", "0.9", "top_k", "40", "n", "1")),
                        point(0, "b", Map.of("temperature", "0.1", "top_k", "40", "n", "1.0")),
                        point(0, "c", Map.of("temperature", "0.1", "top_k", "5", "n", "1")),
                        point(0, "d", Map.of("temperature", "1.0", "do_sample", "false", "top_k", "5"))),
                List.of());

        List<SweptParameter> swept = SweptParameter.of(evaluation);

        assertThat(swept).extracting(SweptParameter::name).containsExactly("temperature", "top_k");
        assertThat(swept.get(0).lines())
                .containsExactly(
                        new SweptParameter.Line("n=1, top_k=40", List.of(1, 0)),
                        new SweptParameter.Line("n=1, top_k=5", List.of(2)),
                        new SweptParameter.Line("do_sample=false, top_k=5", List.of(3)));
    }

    @Test
    void runsThatEachHaveAnotherTemperatureAreOneLineAndRepeatedOnesALineEach() {
        Evaluation cold = run("cold", "m", "0");
        Evaluation hot = run("hot", "m", "1");
        Evaluation again = run("again", "m", "1.0");
        Evaluation other = run("other", "n", "0.5");

        assertThat(SweptParameter.of(Join.of(List.of(hot, cold))).get(0).lines())
                .containsExactly(new SweptParameter.Line("", List.of(1, 0)));
        assertThat(SweptParameter.of(Join.of(List.of(hot, cold, other))).get(0).lines())
                .containsExactly(new SweptParameter.Line("m", List.of(1, 0)), new SweptParameter.Line("n", List.of(2)));
        assertThat(SweptParameter.of(Join.of(List.of(hot, cold, again))).get(0).lines())
                .containsExactly(
                        new SweptParameter.Line("cold", List.of(1)),
                        new SweptParameter.Line("hot", List.of(0)),
                        new SweptParameter.Line("again", List.of(2)));
    }

    private static Evaluation run(String name, String model, String temperature) {
        return new Evaluation(
                List.of(new Source(name, Source.Kind.RUN, model, Map.of(), "", "{}")),
                List.of(point(0, "p0", Map.of("temperature", temperature))),
                List.of(),
                List.of(),
                List.of());
    }

    @Test
    void lengthsFallIntoRoundBinsThatAllPointsShare() {
        assertThat(Lengths.Bins.upTo(0)).isEqualTo(new Lengths.Bins(1, 1));
        assertThat(Lengths.Bins.upTo(39)).isEqualTo(new Lengths.Bins(1, 40));
        assertThat(Lengths.Bins.upTo(40)).isEqualTo(new Lengths.Bins(2, 21));
        assertThat(Lengths.Bins.upTo(80)).isEqualTo(new Lengths.Bins(5, 17));
        assertThat(Lengths.Bins.upTo(2187)).isEqualTo(new Lengths.Bins(100, 22));

        Lengths lengths = Lengths.of(new long[] {9, 1, 3, 3}, new Lengths.Bins(5, 2));

        assertThat(lengths.mean()).isEqualTo(4);
        assertThat(lengths.median()).isEqualTo(3);
        assertThat(lengths.p95()).isEqualTo(9);
        assertThat(lengths.counts()).containsExactly(3, 1);
    }

    @Test
    void runsOfTheSameInputMeetByTheirIdsAndOthersByTheirPrompts() {
        Evaluation one = source("one", "input", task("t1", "Ask 1"), task("t2", "Ask 2"), task("t3", "Ask 2"));
        Evaluation templated = source("two", "input", task("t2", "Question: Ask 2"), task("t1", "Question: Ask 1"));
        Evaluation foreign = source("three", "", task("prompt-1", "Ask 2 "), task("t1", "Other"), task("x", "Ask 2"));

        Evaluation byIds = Join.of(List.of(one, templated));
        Evaluation byPrompts = Join.of(List.of(one, foreign));

        assertThat(byIds.tasks()).hasSize(3);
        assertThat(((Answer.Answered) byIds.tasks().get(0).answers().get(1)).asked())
                .containsExactly(new Message(Message.USER, "Question: Ask 1"));
        assertThat(byIds.tasks().get(2).answers().get(1)).isEqualTo(new Answer.Missing());
        assertThat(byPrompts.tasks()).extracting(EvaluatedTask::id).containsExactly("t1", "t2", "t3", "t1");
        assertThat(text(byPrompts, 1, 1)).isEqualTo("three prompt-1");
        assertThat(text(byPrompts, 2, 1)).isEqualTo("three x");
        assertThat(byPrompts.tasks().get(0).answers().get(1)).isEqualTo(new Answer.Missing());
    }

    private static String text(Evaluation evaluation, int task, int point) {
        return evaluation
                .tasks()
                .get(task)
                .answers()
                .get(point)
                .samples()
                .get(0)
                .text();
    }

    private static Point point(int source, String id, Map<String, String> params) {
        return new Point(source, id, id, params, Map.of());
    }

    private record Ask(String id, String prompt) {}

    private static Ask task(String id, String prompt) {
        return new Ask(id, prompt);
    }

    private static Evaluation source(String name, String input, Ask... asks) {
        List<EvaluatedTask> tasks = new ArrayList<>();
        for (Ask ask : asks) {
            Sample sample = new Sample(0, name + " " + ask.id(), "", Sample.STOP, OptionalLong.empty(), Map.of());
            tasks.add(new EvaluatedTask(
                    ask.id(),
                    List.of(new Message(Message.USER, ask.prompt())),
                    "{}",
                    List.of(new Answer.Answered(List.of(sample), Optional.empty(), List.of()))));
        }
        return new Evaluation(
                List.of(new Source(name, Source.Kind.RUN, "m", Map.of(), input, "{}")),
                List.of(point(0, "p0", Map.of())),
                tasks,
                List.of(),
                List.of());
    }

    /** A task with a sample of this score at each point. */
    private static EvaluatedTask scored(Double... scores) {
        List<Answer> answers = new ArrayList<>();
        for (double score : scores) {
            Sample sample = new Sample(
                    0, "text", "", Sample.STOP, OptionalLong.of(2), Map.of("s", new ScoredSample(score, "")));
            answers.add(new Answer.Answered(List.of(sample), Optional.empty(), List.of()));
        }
        return new EvaluatedTask("task", List.of(), "{}", answers);
    }

    private static Evaluation evaluation(List<Point> points, List<EvaluatedTask> tasks) {
        return new Evaluation(
                List.of(new Source("run", Source.Kind.RUN, "m", Map.of(), "", "{}")),
                points,
                tasks,
                List.of("s"),
                List.of());
    }
}
