package io.millrace.producer.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A complete folder whose failed jobs were replayed. */
class ReplayedOutputTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);
    private static final int JOBS = 30;
    private static final int MANY_STEPS = 1000;

    @TempDir
    Path temporary;

    @Test
    void aReplayedJobsLineGoesFromTheErrorsToTheResults() throws IOException {
        complete(temporary);

        try (RunOutput output = RunOutput.reopen(temporary, Results.RUN, CLOCK)) {
            assertThat(output.offsets()).isEqualTo(Map.of(0, 30L));
            assertThat(output.ledger().complete(JOBS, 1)).isFalse();
            assertThat(output.add(Results.replayed(9, 1))).isTrue();
            assertThat(output.add(Results.replayed(9, 1))).isFalse();
            assertThat(Files.readAllLines(temporary.resolve("errors.jsonl")))
                    .as("the old files until the end")
                    .hasSize(3);
            output.complete(Results.FACTS, JOBS, Map.of(0, 31L));
        }

        assertReplayed(temporary);
        assertThat(RunOutput.completed(temporary, Results.RUN)
                        .orElseThrow()
                        .totals()
                        .duplicates())
                .isEqualTo(1);
    }

    @Test
    void aJobMayFailInItsReplayAndBeAnsweredInTheNext() throws IOException {
        try (RunOutput output = RunOutput.open(temporary, Results.RUN, CLOCK)) {
            for (int i = 0; i < JOBS; i++) {
                output.add(Results.of(i));
            }
            assertThat(output.add(Results.replayed(9, 2))).isTrue();
            assertThat(output.add(Results.of(9))).isFalse();
            output.complete(Results.FACTS, JOBS, Map.of(0, 31L));
        }

        List<String> results = Files.readAllLines(temporary.resolve("results.jsonl"));
        assertThat(results).filteredOn(line -> line.contains("\"line-10\"")).hasSize(1);
        assertThat(RunOutput.completed(temporary, Results.RUN).orElseThrow().replays())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(PowerCutDisk.Unforced.class)
    void aPowerCutAtEachStepOfTheReopeningLeavesOneLineAJob(PowerCutDisk.Unforced unforced) throws IOException {
        boolean cut = true;
        for (int steps = 0; cut; steps++) {
            Path out = temporary.resolve("cut-" + steps);
            complete(out);
            cut = !attempt(out, new PowerCutDisk(steps, unforced));
            assertThat(attempt(out, new PowerCutDisk(MANY_STEPS, unforced))).isTrue();
            assertReplayed(out);
        }
    }

    /** A collector that finds out about the replay; false when the power went. */
    private static boolean attempt(Path out, PowerCutDisk disk) throws IOException {
        var complete = RunOutput.completed(out, Results.RUN);
        if (complete.isPresent() && complete.get().replays() == 1) {
            return true;
        }
        try (RunOutput output = RunOutput.reopen(out, Results.RUN, CLOCK, disk)) {
            if (output.offsets().get(0) == 30) {
                output.add(Results.replayed(9, 1));
            }
            output.complete(Results.FACTS, JOBS, Map.of(0, 31L));
            return true;
        } catch (PowerCutDisk.PowerCut e) {
            disk.settle();
            return false;
        }
    }

    private static void complete(Path out) throws IOException {
        try (RunOutput output = RunOutput.open(out, Results.RUN, CLOCK)) {
            for (int i = 0; i < JOBS; i++) {
                output.add(Results.of(i));
            }
            output.complete(Results.FACTS, JOBS, Map.of(0, 30L));
        }
    }

    private static void assertReplayed(Path out) throws IOException {
        List<String> results = Files.readAllLines(out.resolve("results.jsonl"));
        List<String> errors = Files.readAllLines(out.resolve("errors.jsonl"));
        assertThat(results).hasSize(28);
        assertThat(results.get(9)).contains("\"custom_id\":\"line-10\"");
        assertThat(errors).hasSize(2).noneMatch(line -> line.contains("\"line-10\""));
        RunSummary summary = RunOutput.completed(out, Results.RUN).orElseThrow();
        assertThat(summary.totals().answered()).isEqualTo(28);
        assertThat(summary.totals().failed()).isEqualTo(2);
        assertThat(summary.replays()).isEqualTo(1);
        assertThat(new OutputFolder(out).hasUnfinished()).isFalse();
    }
}
