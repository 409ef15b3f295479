package io.millrace.producer.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.job.SamplingParams;
import io.millrace.producer.files.InputException;
import io.millrace.producer.plan.SweepPoint;
import io.millrace.producer.plan.SystemMessage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepFileTest {

    @TempDir
    Path folder;

    @Test
    void aGridIsMultipliedOutAndPointsFollow() throws IOException {
        SweepConfig config = read("""
                params: {max_tokens: 9, temperature: 0.5}
                system: llama2
                grid:
                  temperature: [0, 0.7]
                  template: {bare: "{{prompt}}", polite: "Please: {{prompt}} ({{topic}})"}
                points:
                  - {label: short, max_tokens: 3, system: none}
                  - {top_k: 5, n: 2}
                scorers: [number, "exact:short"]
                """);

        List<SweepPoint> points = config.sweep().points();
        assertThat(points).extracting(SweepPoint::id).containsExactly("p0", "p1", "p2", "p3", "p4", "p5");
        assertThat(points)
                .extracting(SweepPoint::label)
                .containsExactly(
                        "temperature=0 template=bare",
                        "temperature=0 template=polite",
                        "temperature=0.7 template=bare",
                        "temperature=0.7 template=polite",
                        "short",
                        "top_k=5 n=2");
        assertThat(points.get(3).params()).isEqualTo(Map.of("max_tokens", "9", "temperature", "0.7"));
        assertThat(points.get(3).system()).contains(SystemMessage.LLAMA2);
        assertThat(points.get(3).template().orElseThrow().fields()).containsExactly("prompt", "topic");
        assertThat(points.get(4).system()).contains("");
        assertThat(points.get(4).params()).isEqualTo(Map.of("max_tokens", "3", "temperature", "0.5"));
        assertThat(points.get(5).patch().applyTo(SamplingParams.DEFAULTS).n()).isEqualTo(2);
        assertThat(config.scorers()).containsExactly("number", "exact:short");
    }

    @Test
    void jsonIsReadAsWell() throws IOException {
        assertThat(read("{\"grid\": {\"top_p\": [0.5]}}").sweep().points())
                .extracting(SweepPoint::label)
                .containsExactly("top_p=0.5");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "grid: {temperature: [0, -1]} | grid.temperature: must be",
                "grid: {temprature: [0]} | grid.temprature: is not a field",
                "grid: {temperature: 0.7} | grid.temperature: must be a list of values",
                "grid: {temperature: []} | grid.temperature: must be a list of values",
                "points: [{max_new_tokens: 5}] | points[0].max_new_tokens: write it as max_tokens",
                "points: [{label: a}, {template: none here}] | points[1].template: must name a field",
                "points: [{system: 5}] | points[0].system: must be a text",
                "points: [7] | points[0]: must be a map",
                "grids: {temperature: [0]} | grids: is not known here",
                "params: {system: x} | params.system: is no sampling parameter",
                "params: {temperature: 1} | has neither grid nor points",
                "[1, 2] | must be a map with grid or points",
                "'grid: {temperature: [0' | :1: is not YAML",
                "scorers: {a: b} | has neither grid"
            })
    void aMistakeIsToldWithItsField(String yaml, String message) {
        assertThatExceptionOfType(InputException.class)
                .isThrownBy(() -> read(yaml))
                .withMessageStartingWith(folder.resolve("sweep.yaml").toString())
                .withMessageContaining(message);
    }

    @Test
    void aGridOfTooManyPointsIsRefused() {
        String many = "[" + "0.1, ".repeat(99) + "0.2]";

        assertThatExceptionOfType(InputException.class)
                .isThrownBy(() -> read("grid: {temperature: " + many + ", top_p: " + many + "}"))
                .withMessageContaining("10000 points");
    }

    @Test
    void theReferenceModelsOwnConfigurationSamplesAsItDid() throws IOException, URISyntaxException {
        SweepConfig config = SweepFile.read(reference("noprefix2"));

        assertThat(config.notes()).isEmpty();
        assertThat(config.sweep().points()).extracting(SweepPoint::label).containsExactly("nucleus9", "k50", "greedy");
        SamplingParams nucleus = params(config, 0);
        assertThat(nucleus.temperature()).isEqualTo(0.8);
        assertThat(nucleus.topP()).isEqualTo(0.9);
        assertThat(nucleus.topK()).as("generate()'s default").isEqualTo(50);
        assertThat(nucleus.minP()).isZero();
        assertThat(nucleus.repeatPenalty()).isEqualTo(1.2);
        assertThat(nucleus.repeatLastN()).isEqualTo(-1);
        assertThat(nucleus.maxTokens()).isEqualTo(400);
        assertThat(params(config, 2).temperature()).isZero();
        assertThat(params(config, 2).n()).isEqualTo(1);
        assertThat(config.sweep().points().get(0).system()).contains("");
    }

    @Test
    void theReferenceProjectsOtherConfigurationsAreAccepted() throws IOException, URISyntaxException {
        SweepConfig llama = SweepFile.read(reference("llama2_prompt"));
        SweepConfig synth = SweepFile.read(reference("synth"));
        SweepConfig defaults = SweepFile.read(reference("default"));
        SweepConfig profile = SweepFile.read(reference("system_profile"));

        assertThat(llama.sweep().points().get(0).system().orElseThrow()).startsWith("You are a helpful, respectful");
        assertThat(synth.sweep().points()).extracting(SweepPoint::label).containsExactly("k50", "greedy");
        assertThat(synth.notes()).anyMatch(note -> note.contains("contrastive is left out: contrastive search"));
        assertThat(synth.notes()).anyMatch(note -> note.contains("typical2 is left out"));
        assertThat(defaults.sweep().points())
                .extracting(SweepPoint::label)
                .containsExactly("k50", "magic_numbers", "greedy");
        assertThat(profile.sweep().points()).hasSize(6);
        assertThat(profile.sweep().points().get(4).system()).isEqualTo(Optional.of("lang: de\nlength: 2"));
    }

    private static SamplingParams params(SweepConfig config, int point) {
        return config.sweep().points().get(point).patch().applyTo(SamplingParams.DEFAULTS);
    }

    private static Path reference(String name) throws URISyntaxException {
        return Path.of(SweepFileTest.class
                .getResource("/sampling_configs/" + name + ".json")
                .toURI());
    }

    private SweepConfig read(String yaml) throws IOException {
        return SweepFile.read(Files.writeString(folder.resolve("sweep.yaml"), yaml));
    }
}
