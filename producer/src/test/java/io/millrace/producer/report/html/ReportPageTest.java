package io.millrace.producer.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.producer.report.Evaluation;
import io.millrace.producer.report.json.Sources;
import io.millrace.producer.report.json.SweepFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a file, and its scripts without a browser; see BrowserTest for the page in one. */
class ReportPageTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static Path page;
    private static String html;

    @BeforeAll
    static void writesTheReport() throws IOException {
        Path sweep = SweepFolder.write(folder.resolve("sweep<b>"), "run1", List.of(0.0, 0.5, 1.0), 40, 2);
        page = ReportFolder.write(folder.resolve("report"), Sources.read(sweep), 1_000);
        html = Files.readString(page);
    }

    @Test
    void outputsAndNamesCannotLeaveTheirPlaceInThePage() throws IOException {
        Matcher scripts = Pattern.compile("</script").matcher(html);

        assertThat(scripts.results().count()).isEqualTo(4);
        assertThat(html)
                .contains("<title>sweep&lt;b&gt;: Millrace report</title>")
                .doesNotContain("sweep<b>");
        assertThat(embedded("answers")
                        .path(0)
                        .path("answers")
                        .path(0)
                        .path("samples")
                        .path(0)
                        .path("text")
                        .textValue())
                .isEqualTo(SweepFolder.HOSTILE);
    }

    @Test
    void thePolicyAllowsTheseScriptsAndNothingElse() {
        assertThat(html)
                .containsPattern("content=\"default-src &#39;none&#39;;[^\"]*script-src &#39;sha256-[^\"]*\"")
                .doesNotContain("unsafe-inline")
                .doesNotContain("unsafe-eval");
    }

    @Test
    void theChartsComeWithTheirLicence() {
        assertThat(html).contains("The MIT License (MIT)").contains("Copyright (c) 2022 Leon Sorokin");
    }

    @Test
    void theFiguresAreInThePageAndBesideIt() throws IOException {
        JsonNode inPage = embedded("report");
        JsonNode beside = JSON.readTree(page.resolveSibling("report.json").toFile());

        assertThat(inPage.path("points")).isEqualTo(beside.path("points"));
        assertThat(inPage.path("tasks_left_out").intValue()).isZero();
        assertThat(Files.readString(page.resolveSibling("report.md"))).startsWith("# sweep\\<b\\>");
    }

    @Test
    void aPageOfFewerSamplesKeepsWholeTasks() throws IOException {
        Evaluation evaluation = Sources.read(folder.resolve("sweep<b>"));

        assertThat(AnswersJson.tasksWithin(evaluation, 15)).isEqualTo(2);
        assertThat(AnswersJson.tasksWithin(evaluation, 16)).isEqualTo(3);
        assertThat(AnswersJson.tasksWithin(evaluation, 5)).isZero();
    }

    /** Node is there wherever Millrace builds. */
    @Test
    void searchFilterDiffAndLinksWorkWithoutABrowser() throws Exception {
        Process node;
        try {
            node = new ProcessBuilder(
                            "node",
                            "src/test/resources/reports/pure-scripts-test.js",
                            "src/main/resources/io/millrace/producer/report/html")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "node is not installed: " + e.getMessage());
            return;
        }
        String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(node.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(node.exitValue()).as(said).isZero();
    }

    private static JsonNode embedded(String id) throws IOException {
        String start = "<script type=\"application/json\" id=\"" + id + "\">";
        int from = html.indexOf(start) + start.length();
        return JSON.readTree(html.substring(from, html.indexOf("</script>", from)));
    }
}
