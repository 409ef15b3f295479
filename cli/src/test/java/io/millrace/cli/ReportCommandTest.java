package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command: where files go and what a user's mistakes say. */
class ReportCommandTest {
    private static final Path SAMPLING_REPORT = Path.of("../producer/src/test/resources/reports/sampling-report.json");

    @TempDir
    Path folder;

    @Test
    void aRunsReportLiesInItsFolder() throws IOException {
        Path run = run("out", "Four");

        CommandLineRun report = CommandLineRun.of("report", run.toString());

        assertThat(report.status()).as(report.output()).isZero();
        assertThat(report.output()).contains("1 tasks, 1 points, 1 samples").contains(run + "/report/index.html");
        assertThat(run.resolve("report")).isDirectoryContaining("glob:**/report.json");
        assertThat(Files.readString(run.resolve("report/report.md"))).contains("| temperature=0.5 |");
    }

    @Test
    void aRunAndASamplingReportStandSideBySide() throws IOException {
        Path both = folder.resolve("both");

        CommandLineRun report = CommandLineRun.of(
                "report", "--compare", run("a", "Four").toString(), SAMPLING_REPORT.toString(), "-o", both.toString());

        assertThat(report.status()).as(report.output()).isZero();
        assertThat(report.output()).contains("4 tasks, 4 points, 7 samples").contains("has no finish reasons");
        assertThat(both.resolve("index.html")).isNotEmptyFile();
    }

    @Test
    void aSamplingReportIsWrittenToo() throws IOException {
        Path file = folder.resolve("sampling.json");

        CommandLineRun report =
                CommandLineRun.of("report", run("out", "Four").toString(), "--sampling-report", file.toString());

        assertThat(report.status()).as(report.output()).isZero();
        assertThat(Files.readString(file)).contains("\"model_name\" : \"tiny\"").contains("\"Four<|im_end|>\"");
    }

    @Test
    void mistakesAreOneLineThatSaysWhatToDo() throws IOException {
        String run = run("out", "Four").toString();

        assertThat(CommandLineRun.of("report", run, run))
                .isEqualTo(mistake("one report has one source, not 2; --compare puts them side by side"));
        assertThat(CommandLineRun.of("report", "--compare", run).output()).contains("needs two sources");
        assertThat(CommandLineRun.of("report", "--compare", run, run).output()).contains("-o is missing");
        assertThat(CommandLineRun.of("report", SAMPLING_REPORT.toString()).output())
                .contains("-o is missing");
        assertThat(CommandLineRun.of("report", folder.toString()))
                .isEqualTo(mistake(folder
                        + ": holds no run.json, so no complete run; let the run or collect command finish first"));
    }

    private static CommandLineRun mistake(String message) {
        return new CommandLineRun(ExitStatus.USAGE, "millrace: " + message + "\n");
    }

    /** The folder of a run of one job. */
    private Path run(String name, String answer) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        Files.writeString(
                run.resolve("run.json"),
                "{\"run\":\"r1\",\"model\":\"tiny\",\"finished\":\"2026-11-01T12:00:00Z\","
                        + "\"options\":{\"temperature\":\"0.5\",\"max_tokens\":\"9\"}}");
        Files.writeString(
                run.resolve("results.jsonl"),
                "{\"id\":\"batch_req_r1-0\",\"custom_id\":\"t0\",\"response\":{\"body\":{\"choices\":[{\"index\":0,"
                        + "\"message\":{\"content\":\"" + answer
                        + "\"},\"finish_reason\":\"stop\"}]}},\"error\":null}\n");
        return run;
    }
}
