package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.cli.CommandLineRun;
import io.millrace.testing.Browser;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real run on this machine, watched: by the page in a headless Chromium, and on the terminal. */
class DashboardTest {
    private static final Pattern ADDRESS = Pattern.compile("dashboard at (http://127\\.0\\.0\\.1:[0-9]+/)");
    private static final String MODEL = "tiny-chatml-q8_0";
    /** More than are done in a minute. */
    private static final int JOBS = 20_000;

    @TempDir
    Path folder;

    @Test
    void thePageMovesWithARun() throws Exception {
        Optional<Path> program = Browser.program();
        assumeTrue(program.isPresent(), "no Chromium is installed: apt-get install chromium, or -Dchromium=PROGRAM");
        try (LocalRun run = start();
                LocalRun dashboard = LocalRun.start(folder, "dashboard", "--http-port=0");
                Browser browser = new Browser(program.get(), Files.createDirectory(folder.resolve("profile")))) {
            URI page = address(dashboard);
            browser.permit(page.toString());
            browser.size(1280, 1000, false);
            browser.open(page);

            String done =
                    "Number(document.querySelector('.run:last-child [role=progressbar]').getAttribute('aria-label')"
                            + " && document.querySelector('.run:last-child .facts dd').textContent.replace(/\\s/g, '').split('of')[0])";
            browser.waitFor("document.querySelectorAll('.run').length === 1 && " + done + " > 0");
            double first = browser.evaluate(done).doubleValue();
            browser.waitFor(done + " > " + (first + 20));
            browser.waitFor("document.querySelectorAll('#results .job').length === 20");
            browser.waitFor("document.querySelector('.worker .badge').textContent === 'up'"
                    + " && document.querySelector('.worker .facts').textContent.includes('of 4')");
            browser.waitFor("document.querySelectorAll('#tokens canvas').length === 1");
            assertThat(browser.evaluate("document.getElementById('failures').textContent")
                            .asText())
                    .isEqualTo("None.");
            assertThat(browser.evaluate("document.getElementById('results').textContent")
                            .asText())
                    .as("answers are not shown")
                    .doesNotContain("=");

            submitATooLongPrompt();
            browser.waitFor("document.querySelectorAll('#failures .job').length === 1");
            assertThat(browser.evaluate("document.getElementById('failures').textContent")
                            .asText())
                    .contains("CONTEXT_WINDOW_EXCEEDED")
                    .contains("too-long");
            browser.waitFor("document.querySelectorAll('.run').length === 2");
            assertThat(browser.evaluate("document.querySelector('.run .kinds').textContent")
                            .asText())
                    .isEqualTo("CONTEXT_WINDOW_EXCEEDED 1");
            assertThat(browser.evaluate("document.getElementById('link').textContent")
                            .asText())
                    .isEqualTo("live");

            fits(browser);
            assertThat(browser.complaints()).isEmpty();
            theTerminalShowsTheSame();
            pictures(browser);
        }
    }

    /** In both themes and on a phone nothing is wider than the screen. */
    private static void fits(Browser browser) throws Exception {
        browser.click("#theme");
        assertThat(browser.evaluate("document.documentElement.dataset.theme").asText())
                .isEqualTo("dark");
        browser.click("#theme");
        browser.phone(390, 844, false);
        browser.waitFor("innerWidth === 390");
        browser.waitFor("document.querySelector('#tokens canvas').getBoundingClientRect().width <= 390");
        assertThat(browser.evaluate("document.documentElement.scrollWidth").intValue())
                .isLessThanOrEqualTo(390);
    }

    /** For the documentation, with {@code -Ddashboard.screenshots=FOLDER}. */
    private static void pictures(Browser browser) throws Exception {
        String target = System.getProperty("dashboard.screenshots", "");
        if (!target.isEmpty()) {
            browser.screenshot(Path.of(target, "dashboard-phone.png"));
            browser.size(1280, 1000, false);
            browser.waitFor("document.querySelector('#tokens canvas').getBoundingClientRect().width > 600");
            browser.screenshot(Path.of(target, "dashboard-light.png"));
        }
    }

    private void theTerminalShowsTheSame() throws Exception {
        String broker =
                Files.readString(folder.resolve(".millrace/addresses/kafka")).strip();
        String worker =
                Files.readString(folder.resolve(".millrace/addresses/worker-1")).strip();
        CommandLineRun top = CommandLineRun.of("top", "--once", "--bootstrap-server", broker, "--worker", worker);

        assertThat(top.status()).as(top.output()).isZero();
        assertThat(top.output())
                .containsPattern("local-1 +up +\\[[#.]{20}] +[0-4]/4 ")
                .contains("failed: CONTEXT_WINDOW_EXCEEDED 1")
                .containsPattern("OPEN +\\[#");
        assertThat(CommandLineRun.of("status", "--bootstrap-server", broker).output())
                .contains("CONTEXT_WINDOW_EXCEEDED 1")
                .contains("COMPLETE");
    }

    private LocalRun start() throws Exception {
        List<String> prompts = IntStream.range(0, JOBS)
                .mapToObj(i -> "{\"id\":\"sum-" + i + "\",\"prompt\":\"What is " + i + " + 7?\"}")
                .toList();
        Files.write(folder.resolve("sums.jsonl"), prompts);
        LocalRun run = LocalRun.start(
                folder,
                "run",
                "--local",
                "-i",
                "sums.jsonl",
                "-o",
                "out",
                "--slots=4",
                "--slot-tokens=512",
                "--max-in-flight-jobs=300");
        run.awaitResults(folder.resolve("out"), 1);
        return run;
    }

    private void submitATooLongPrompt() throws Exception {
        String words = String.join(" ", Collections.nCopies(2_000, "word"));
        Path input =
                Files.writeString(folder.resolve("long.jsonl"), "{\"id\":\"too-long\",\"prompt\":\"" + words + "\"}\n");
        String broker =
                Files.readString(folder.resolve(".millrace/addresses/kafka")).strip();
        CommandLineRun submit =
                CommandLineRun.of("submit", "--bootstrap-server", broker, "--model", MODEL, "-i", input.toString());
        assertThat(submit.status()).as(submit.output()).isZero();
    }

    private static URI address(LocalRun dashboard) {
        dashboard.awaitLog(ADDRESS.asPredicate());
        Matcher found = ADDRESS.matcher(dashboard.log());
        assertThat(found.find()).isTrue();
        return URI.create(found.group(1));
    }
}
