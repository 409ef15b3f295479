package io.millrace.producer.report.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.producer.files.OutputException;
import io.millrace.producer.report.Answer;
import io.millrace.producer.report.Evaluation;
import io.millrace.producer.report.Figures;
import io.millrace.producer.report.PointFigures;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sampling reports of the reference project, in and out. */
class SamplingReportTest {
    private static final Path SMALL = Path.of("src/test/resources/reports/sampling-report.json");

    @TempDir
    Path folder;

    @Test
    void aReportThatWasReadIsWrittenWithEqualJson() throws IOException {
        assertThat(JsonFile.JSON.readTree(written(Sources.read(SMALL)))).isEqualTo(read(SMALL));
    }

    @Test
    void anEndMarkerSaysThatTheModelStopped() throws IOException {
        Evaluation evaluation = Sources.read(SMALL);

        List<PointFigures> points = Figures.of(evaluation).points();

        assertThat(evaluation.points())
                .extracting(point -> point.label())
                .containsExactly("nucleus9", "greedy", "greedy (2)");
        assertThat(points)
                .extracting(PointFigures::finishReasons)
                .isEqualTo(List.of(Map.of("stop", 3L, "length", 1L), Map.of("stop", 1L, "length", 1L), Map.of()));
        assertThat(points).extracting(PointFigures::identical).containsExactly(1L, 0L, 0L);
        assertThat(evaluation.points().get(1).number("temperature")).hasValue(0);
        assertThat(evaluation.tasks().get(1).answers().get(1)).isInstanceOf(Answer.Missing.class);
    }

    @Test
    void withoutAnyMarkerNothingTellsWhatWasCut() throws IOException {
        Path plain = Files.writeString(
                folder.resolve("plain.json"),
                "{\"prompts\":[{\"prompt\":\"a\",\"results\":[{\"sampling_config\":\"k\",\"sampling_params\":{},"
                        + "\"outputs\":[\"b\"]}]}]}");

        assertThat(Figures.of(Sources.read(plain)).points().get(0).finishReasons())
                .isEqualTo(Map.of("unknown", 1L));
    }

    @Test
    void whatIsNoReportIsToldWithItsPlace() throws IOException {
        Path bad = Files.writeString(
                folder.resolve("bad.json"),
                "{\"prompts\":[{\"prompt\":\"a\",\"results\":[{\"sampling_config\":\"k\",\"sampling_params\":{},"
                        + "\"outputs\":[\"b\",3]}]}]}");
        Path list = Files.writeString(folder.resolve("list.json"), "[1,2]");
        Path text = Files.writeString(folder.resolve("text.json"), "{\"prompts\":\n oops");

        assertThatThrownBy(() -> Sources.read(bad))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("bad.json")
                .hasMessageContaining("prompts[0].results[0].outputs[1] must be a text");
        assertThatThrownBy(() -> Sources.read(list)).hasMessageContaining("no list `prompts`");
        assertThatThrownBy(() -> Sources.read(text)).hasMessageContaining("line 2");
        assertThatThrownBy(() -> Sources.read(folder.resolve("none"))).hasMessageContaining("no such file");
        assertThatThrownBy(() -> Sources.read(folder)).hasMessageContaining("no run.json");
    }

    @Test
    void theReferenceModelsOwnReportHasItsCountsAndComesOutEqual() throws IOException {
        Path report = ownReport();
        Evaluation evaluation = Sources.read(report);

        List<PointFigures> points = Figures.of(evaluation).points();

        assertThat(evaluation.samples()).isEqualTo(1250);
        assertThat(evaluation.points()).extracting(point -> point.label()).containsExactly("nucleus9", "k50", "greedy");
        assertThat(points)
                .extracting(point -> point.finishReasons().get("stop"))
                .containsExactly(287L, 295L, 139L);
        assertThat(points)
                .extracting(point -> point.finishReasons().get("length"))
                .containsExactly(213L, 205L, 111L);
        assertThat(points.stream().mapToLong(PointFigures::identical).sum()).isEqualTo(3);
        assertThat(JsonFile.JSON.readTree(written(evaluation))).isEqualTo(read(report));
    }

    /** Its outputs are not the project's to keep: {@code -Dsampling.report=FILE}. */
    private static Path ownReport() {
        String file = System.getProperty("sampling.report", "");
        assumeTrue(!file.isEmpty(), "-Dsampling.report names no file of the reference model's sampling report");
        return Path.of(file);
    }

    private static JsonNode read(Path file) throws IOException {
        return JsonFile.read(file, "JSON");
    }

    private static String written(Evaluation evaluation) throws IOException {
        StringWriter out = new StringWriter();
        new SamplingReportWriter(evaluation).write(out);
        return out.toString();
    }
}
