package io.millrace.producer.report.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.job.Message;
import io.millrace.producer.files.OutputException;
import io.millrace.producer.report.Answer;
import io.millrace.producer.report.EvaluatedTask;
import io.millrace.producer.report.Evaluation;
import io.millrace.producer.report.Figures;
import io.millrace.producer.report.MarkdownReport;
import io.millrace.producer.report.PointFigures;
import io.millrace.producer.report.Sample;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep's folder into figures and files. */
class RunFolderTest {

    @TempDir
    static Path folder;

    private static Path sweep;

    @BeforeAll
    static void writesTheSweep() throws IOException {
        sweep = SweepFolder.write(folder.resolve("sweep"), "run1", List.of(0.0, 0.5, 1.0), 60, 4);
    }

    @Test
    void aSweepIsReadByTaskAndPoint() throws IOException {
        Evaluation evaluation = Sources.read(sweep);
        EvaluatedTask task = evaluation.tasks().get(1);

        assertThat(evaluation.points())
                .extracting(point -> point.label())
                .containsExactly("temperature=0.0", "temperature=0.5", "temperature=1.0");
        assertThat(evaluation.tasks()).hasSize(60);
        assertThat(evaluation.samples()).isEqualTo((60 * 3 - 1) * 4);
        assertThat(evaluation.scorers()).containsExactly("number");
        assertThat(task.id()).isEqualTo("task-1");
        assertThat(task.messages()).containsExactly(new Message(Message.USER, "What is 7 + 13? Question 1."));
        assertThat(task.fields()).isEqualTo("{\"reference\":\"20\",\"kind\":\"add\"}");
        assertThat(task.answers().get(2))
                .isEqualTo(new Answer.Failed("CONTEXT_WINDOW_EXCEEDED", "needs 9000 <b>tokens</b>"));
        Answer.Answered answered = (Answer.Answered) task.answers().get(0);
        assertThat(answered.asked()).extracting(Message::role).containsExactly("system", "user");
        assertThat(answered.samples()).extracting(Sample::index).containsExactly(0, 1, 2, 3);
        assertThat(answered.samples().get(0).scores().get("number").detail()).startsWith("expected 20, found ");
    }

    @Test
    void theFiguresAreThoseOfTheScores() throws IOException {
        Evaluation evaluation = Sources.read(sweep);
        Figures figures = Figures.of(evaluation);

        for (int i = 0; i < 3; i++) {
            PointFigures point = figures.points().get(i);
            int place = i;
            double mean = evaluation.tasks().stream()
                    .filter(task -> !task.answers().get(place).samples().isEmpty())
                    .mapToDouble(task -> task.answers().get(place).samples().stream()
                            .mapToDouble(sample -> sample.scores().get("number").score())
                            .average()
                            .orElseThrow())
                    .average()
                    .orElseThrow();
            assertThat(point.scores().get("number").mean().mean()).isEqualTo(mean, within(1e-12));
            assertThat(point.scores().get("number").passAtK().keySet()).containsExactly(1, 2, 4);
            assertThat(point.scores().get("number").passAtK().get(1).mean()).isEqualTo(mean, within(1e-12));
            assertThat(point.tokens().orElseThrow().counts())
                    .hasSize(figures.tokens().count());
            assertThat(point.cost().orElseThrow().tokensPerSecond()).isEqualTo(250, within(1e-9));
        }
        assertThat(figures.points().get(2).failed()).isOne();
        assertThat(figures.points().get(2).scores().get("number").tasks()).isEqualTo(59);
        assertThat(figures.comparisons())
                .hasSize(3)
                .allSatisfy(comparison -> assertThat(comparison.discordance()).isEmpty());
        assertThat(figures.comparisons().get(1).tasks()).isEqualTo(59);
        assertThat(figures.comparisons().get(1).difference().interval().low()).isPositive();
        assertThat(figures.swept()).hasSize(1);
        assertThat(figures.swept().get(0).lines().get(0).points()).containsExactly(0, 1, 2);
    }

    @Test
    void reportJsonAndMarkdownSayWhatTheFiguresSay() throws IOException {
        Evaluation evaluation = Sources.read(sweep);
        Figures figures = Figures.of(evaluation);
        StringWriter json = new StringWriter();
        ReportJson.write(json, evaluation, figures);

        JsonNode report = JsonFile.JSON.readTree(json.toString());
        String markdown = MarkdownReport.of(evaluation, figures);

        assertThat(report.path("points")
                        .path(1)
                        .path("scores")
                        .path("number")
                        .path("mean")
                        .path("low")
                        .doubleValue())
                .isEqualTo(figures.points().get(1).scores().get("number").mean().low());
        assertThat(report.path("tasks")).hasSize(60);
        assertThat(report.path("tasks")
                        .path(1)
                        .path("scores")
                        .path("number")
                        .path(2)
                        .isNull())
                .isTrue();
        assertThat(markdown).contains("60 tasks, 3 points, 716 samples.");
        assertThat(markdown.lines()
                        .filter(line -> line.startsWith("| temperature="))
                        .count())
                .isEqualTo(6);
    }

    @Test
    void aRunWithoutASweepIsOnePoint() throws IOException {
        Path plain = SweepFolder.write(folder.resolve("plain"), "run2", List.of(0.0, 0.5), 5, 1);
        Files.delete(plain.resolve("sweep.json"));
        Files.delete(plain.resolve("scores.jsonl"));
        for (String name : List.of("results.jsonl", "errors.jsonl")) {
            Path file = plain.resolve(name);
            Files.writeString(file, Files.readString(file).replaceAll(",\"sweep\":\\{[^}]*}", ""));
        }

        Evaluation evaluation = Sources.read(plain);

        assertThat(evaluation.points()).hasSize(1);
        assertThat(evaluation.tasks()).hasSize(10);
        assertThat(evaluation.tasks().get(9).id()).isEqualTo("task-4@p1");
        assertThat(Figures.of(evaluation).points().get(0).scores()).isEmpty();
    }

    @Test
    void twoSourcesAreComparedByTheirPrompts() throws IOException {
        Path other = SweepFolder.write(folder.resolve("other"), "run3", List.of(0.5), 20, 1);
        Path report = Files.writeString(
                folder.resolve("report.json"),
                "{\"model_name\":\"m\",\"prompts\":[{\"prompt\":\"What is 7 + 13? Question 1.\",\"results\":[{"
                        + "\"sampling_config\":\"greedy\",\"sampling_params\":{\"temperature\":0.2},"
                        + "\"outputs\":[\"20\"]}]},{\"prompt\":\"Only here\",\"results\":[]}]}");

        Evaluation evaluation = Sources.read(List.of(sweep, report, other, other));

        assertThat(evaluation.sources())
                .extracting(source -> source.name())
                .containsExactly("sweep", "report.json", "other (3)", "other (4)");
        assertThat(evaluation.points()).hasSize(6);
        assertThat(evaluation.tasks()).hasSize(61);
        assertThat(evaluation.tasks().get(1).answers().get(3).samples())
                .extracting(Sample::text)
                .containsExactly("20");
        assertThat(evaluation.tasks().get(30).answers().get(4)).isEqualTo(new Answer.Missing());
        assertThat(evaluation.name(3)).isEqualTo("report.json: greedy");
        assertThat(evaluation.title()).isEqualTo("sweep and report.json and other (3) and other (4)");
        assertThat(StreamSupport.stream(Figures.of(evaluation).comparisons().spliterator(), false)
                        .filter(comparison -> comparison.first() == 4 && comparison.second() == 5))
                .singleElement()
                .satisfies(comparison ->
                        assertThat(comparison.difference().interval().mean()).isZero());
    }

    @Test
    void sourcesOfLongNamesGoByLetters() throws IOException {
        Path long1 = SweepFolder.write(folder.resolve("a-name-that-fills-a-line"), "run5", List.of(0.5), 2, 1);

        Evaluation evaluation = Sources.read(List.of(sweep, long1));

        assertThat(evaluation.name(3)).isEqualTo("B: temperature=0.5");
        assertThat(evaluation.title()).isEqualTo("A: sweep and B: a-name-that-fills-a-line");
        assertThat(Figures.of(evaluation).swept().get(0).lines())
                .extracting(line -> line.label())
                .containsExactly("n=4", "n=1");
    }

    @Test
    void aRunAsASamplingReportTellsWhereItsAnswersEnd() throws IOException {
        StringWriter out = new StringWriter();
        new SamplingReportWriter(Sources.read(sweep)).write(out);

        JsonNode report = JsonFile.JSON.readTree(out.toString());
        Path file = Files.writeString(folder.resolve("exported.json"), out.toString());

        assertThat(report.path("model_name").textValue()).isEqualTo("tiny-chatml-q8_0");
        JsonNode result = report.path("prompts").path(2).path("results").path(1);
        assertThat(result.path("sampling_config").textValue()).isEqualTo("temperature=0.5");
        assertThat(result.path("sampling_params").path("do_sample").booleanValue())
                .isTrue();
        assertThat(result.path("outputs")).hasSize(4);
        assertThat(Figures.of(Sources.read(file)).points())
                .extracting(PointFigures::finishReasons)
                .isEqualTo(Figures.of(Sources.read(sweep)).points().stream()
                        .map(PointFigures::finishReasons)
                        .toList());
    }

    @Test
    void filesThatDoNotFitAreToldWithTheirPlace() throws IOException {
        Path broken = SweepFolder.write(folder.resolve("broken"), "run4", List.of(0.0, 0.5), 3, 1);
        Files.writeString(broken.resolve("sweep.json"), "{\"points\":[{\"id\":\"p0\",\"label\":\"x\"}]}");
        assertThatThrownBy(() -> Sources.read(broken))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("results.jsonl:2")
                .hasMessageContaining("point p1 is not in sweep.json");

        Files.writeString(
                broken.resolve("scores.jsonl"), "{\"custom_id\":\"a\",\"scorer\":\"number\",\"score\":\"1\"}");
        assertThatThrownBy(() -> Sources.read(broken)).hasMessageContaining("scores.jsonl:1");
    }
}
