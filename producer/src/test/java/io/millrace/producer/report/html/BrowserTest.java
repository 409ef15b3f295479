package io.millrace.producer.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.producer.report.json.Sources;
import io.millrace.producer.report.json.SweepFolder;
import io.millrace.testing.Browser;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a headless Chromium, clicked through; skips itself where there is none. */
class BrowserTest {
    /** Enough for a page of ten thousand samples. */
    private static final int TASKS = 420;

    @TempDir
    static Path folder;

    private static URI page;
    private static Browser browser;

    @BeforeAll
    static void opensTheBrowser() throws Exception {
        Optional<Path> program = Browser.program();
        assumeTrue(program.isPresent(), "no Chromium is installed: apt-get install chromium, or -Dchromium=PROGRAM");
        Path sweep = SweepFolder.write(folder.resolve("sums"), "run1", List.of(0.0, 0.3, 0.6, 0.9, 1.2, 1.5), TASKS, 4);
        page = ReportFolder.write(folder.resolve("report"), Sources.read(sweep), 50_000)
                .toUri();
        browser = new Browser(program.get(), Files.createDirectory(folder.resolve("profile")));
        browser.size(1600, 1000, false);
    }

    @AfterAll
    static void closesTheBrowser() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void theOverviewDrawsItsChartsAndTables() throws Exception {
        browser.open(page);

        assertThat(number("document.querySelectorAll('.chart canvas').length")).isEqualTo(6);
        assertThat(number("document.querySelectorAll('#points-table tbody tr').length"))
                .isEqualTo(6);
        assertThat(text("document.getElementById('counts').textContent")).startsWith("420 tasks, 6 points, 10");
        String light = text("getComputedStyle(document.body).backgroundColor");
        browser.click("#theme");
        assertThat(text("getComputedStyle(document.body).backgroundColor")).isNotEqualTo(light);
        browser.click("#theme");
        quiet();
    }

    @Test
    void searchAndFiltersNarrowTheTasksAndTheAddressSaysSo() throws Exception {
        browser.open(page);
        browser.click("[data-view=prompts]");
        browser.waitFor("document.querySelectorAll('.prompt-row').length > 5");
        assertThat(text("document.getElementById('found').textContent")).isEqualTo("420 of 420 tasks");

        browser.click("#search");
        browser.type("\"Question 17.\"");
        browser.waitFor("document.getElementById('found').textContent.startsWith('1 of')");
        assertThat(text("document.querySelector('.task-id').textContent")).isEqualTo("task-17");
        assertThat(number("document.querySelectorAll('.turn mark').length")).isPositive();
        assertThat(text("location.hash")).contains("q=%22Question+17.%22");

        browser.evaluate("document.getElementById('search').select()");
        browser.type(" ");
        browser.waitFor("document.getElementById('found').textContent.startsWith('420')");
        for (String filter : List.of("wrong", "disagreeing", "truncated")) {
            browser.click("[data-filter=" + filter + "]");
        }
        browser.waitFor("document.querySelectorAll('[data-filter][aria-pressed=true]').length === 3");
        double found = number("parseInt(document.getElementById('found').textContent)");
        assertThat(found).isBetween(1.0, 419.0);
        assertThat(number("document.querySelectorAll('.detail .badge.bad').length"))
                .isPositive();
        assertThat(number("document.querySelectorAll('.detail .badge.warn').length"))
                .isPositive();
        browser.click("[data-point='5']");
        browser.waitFor("document.querySelectorAll('.side-by-side .point').length === 5");
        quiet();
    }

    @Test
    void aLinkLeadsToTheSameView() throws Exception {
        browser.open(URI.create(page + "#prompts?q=question&points=0%2C5&task=task-3&diff=0.0-5.2"));

        assertThat(text("document.querySelector('.task-id').textContent")).isEqualTo("task-3");
        assertThat(number("document.querySelectorAll('.side-by-side .point').length"))
                .isEqualTo(2);
        assertThat(text("document.getElementById('diff-right').value")).isEqualTo("5.2");
        browser.evaluate("location.hash = '#tasks?sort=-p0'");
        browser.waitFor("document.querySelectorAll('.task-table a.task-row').length > 5");
        assertThat(text("document.querySelector('a.task-row .cell').textContent"))
                .isEqualTo("1.00");
        quiet();
    }

    @Test
    void twoOutputsAreShownWithWhatDiffers() throws Exception {
        browser.open(URI.create(page + "#prompts?task=task-5"));
        browser.click("#diff summary");
        browser.waitFor("document.querySelectorAll('#diff ins').length > 0");
        browser.evaluate("(() => { const right = document.getElementById('diff-right'); right.value = '5.3';"
                + " right.dispatchEvent(new Event('change')); })()");
        browser.waitFor("location.hash.includes('-5.3')");

        assertThat(text("document.querySelector('#diff-first .text').textContent"))
                .isEqualTo(text("document.querySelector('.point[data-point=\"0\"] .sample .text').textContent"));
        assertThat(text("document.querySelector('#diff-second .text').textContent"))
                .isEqualTo(text("document.querySelectorAll('.point[data-point=\"5\"] .sample .text')[3].textContent"));
        quiet();
    }

    @Test
    void hostileOutputsAreTextAndNothingElse() throws Exception {
        browser.open(URI.create(page + "#prompts?task=task-0"));

        assertThat(text("document.querySelector('.point[data-point=\"0\"] .sample .text').textContent"))
                .isEqualTo(SweepFolder.HOSTILE);
        assertThat(number("document.querySelectorAll('.detail img, .detail script').length"))
                .isZero();
        assertThat(text("typeof window.hacked")).isEqualTo("undefined");
        browser.open(URI.create(page + "#prompts?task=task-1"));
        assertThat(text("document.querySelector('.failure').textContent")).contains("needs 9000 <b>tokens</b>");
        quiet();
    }

    @Test
    void tenThousandSamplesOpenAndScrollWithoutLag() throws Exception {
        browser.open(URI.create(page + "#prompts"));
        double opened = number("performance.now()");

        double rows = number("document.querySelectorAll('.prompt-row').length");
        double slowest =
                number("(async () => { const list = document.querySelector('.prompts .virtual'); let slowest = 0;"
                        + " for (let i = 0; i < 40; i++) { const start = performance.now(); list.scrollTop = i * 531 % 20000;"
                        + " await new Promise(requestAnimationFrame); slowest = Math.max(slowest, performance.now() - start); }"
                        + " return slowest; })()");
        double search = number("(() => { const start = performance.now();"
                + " location.hash = '#prompts?q=answer'; dispatchEvent(new Event('popstate'));"
                + " return performance.now() - start; })()");

        System.out.printf(
                "page of %d samples: ready after %.0f ms, slowest of 40 scrolled frames %.0f ms, search %.0f ms%n",
                TASKS * 6 * 4, opened, slowest, search);
        assertThat(rows).isLessThan(60);
        assertThat(opened).isLessThan(10_000);
        assertThat(slowest).isLessThan(1_000);
        assertThat(search).isLessThan(3_000);
        quiet();
    }

    /** With {@code -Dreport.screenshots=FOLDER}; of another report with {@code -Dreport.page=index.html}. */
    @Test
    void screenshotsForTheDocumentation() throws Exception {
        String target = System.getProperty("report.screenshots", "");
        assumeTrue(!target.isEmpty(), "no -Dreport.screenshots=FOLDER");
        String told = System.getProperty("report.page", "");
        URI shown = told.isEmpty() ? page : Path.of(told).toUri();
        browser.size(1600, 1000, false);
        browser.open(shown);
        browser.screenshot(Path.of(target, "report-light.png"));
        browser.open(URI.create(shown + "#tasks?filter=disagreeing"));
        browser.screenshot(Path.of(target, "report-tasks-light.png"));
        browser.size(1600, 1000, true);
        browser.open(shown);
        browser.screenshot(Path.of(target, "report-dark.png"));
        browser.open(URI.create(shown + "#prompts?filter=disagreeing&diff=0.0-5.0"));
        browser.screenshot(Path.of(target, "report-prompts-dark.png"));
        browser.size(1600, 1000, false);
    }

    private static double number(String expression) throws Exception {
        return browser.evaluate(expression).doubleValue();
    }

    private static String text(String expression) throws Exception {
        return browser.evaluate(expression).asText();
    }

    private static void quiet() {
        assertThat(browser.complaints()).isEmpty();
    }
}
