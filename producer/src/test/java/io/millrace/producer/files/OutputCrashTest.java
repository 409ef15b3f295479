package io.millrace.producer.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.producer.files.PowerCutDisk.PowerCut;
import io.millrace.producer.files.PowerCutDisk.Unforced;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The power goes at every step of a run's output in turn; the folder opened again ends with one line a job. */
class OutputCrashTest {
    private static final int JOBS = 60;
    private static final int MANY_STEPS = 1000;
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path temporary;

    @ParameterizedTest
    @EnumSource(Unforced.class)
    void onePowerCutAtEachStepLosesAndDoublesNothing(Unforced unforced) throws IOException {
        int steps = 0;
        boolean cut = true;
        while (cut) {
            Path out = temporary.resolve("cut-" + steps);
            cut = !attempt(out, new PowerCutDisk(steps, unforced));
            assertThat(attempt(out, new PowerCutDisk(MANY_STEPS, unforced))).isTrue();
            assertOneLineAJob(out);
            steps++;
        }
        assertThat(steps).as("steps of a run").isBetween(60, MANY_STEPS);
    }

    @ParameterizedTest
    @EnumSource(Unforced.class)
    void powerCutsOneAfterAnotherLoseAndDoubleNothing(Unforced unforced) throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 30; round++) {
            Path out = temporary.resolve("round-" + round);
            int cuts = 0;
            while (!attempt(out, new PowerCutDisk(3 + random.nextInt(40), unforced))) {
                assertThat(++cuts).as("cuts of round %d", round).isLessThan(2000);
            }
            assertOneLineAJob(out);
        }
    }

    /** A collector's life, from the checkpoint's offset in a log of results to the end; false when the power went. */
    private static boolean attempt(Path out, PowerCutDisk disk) throws IOException {
        if (RunOutput.completed(out, Results.RUN).isPresent()) {
            return true;
        }
        try (RunOutput output = RunOutput.open(out, Results.RUN, CLOCK, disk)) {
            long from = output.offsets().getOrDefault(0, 0L);
            for (long offset = from; offset < JOBS; offset++) {
                assertThat(output.add(Results.of(jobAt(offset)))).isTrue();
                if (offset % 7 == 6) {
                    output.checkpoint(Map.of(0, offset + 1));
                }
            }
            output.complete(Results.FACTS, JOBS, Map.of(0, (long) JOBS));
            return true;
        } catch (PowerCut e) {
            disk.settle();
            return false;
        }
    }

    /** The log is not in the order of the jobs. */
    private static long jobAt(long offset) {
        return offset * 17 % JOBS;
    }

    private static void assertOneLineAJob(Path out) throws IOException {
        List<String> results = Files.readAllLines(out.resolve("results.jsonl"));
        List<String> errors = Files.readAllLines(out.resolve("errors.jsonl"));
        assertThat(results).hasSize(54);
        assertThat(errors).hasSize(6);
        int result = 0;
        int error = 0;
        for (int job = 0; job < JOBS; job++) {
            String line = job % 10 == 9 ? errors.get(error++) : results.get(result++);
            assertThat(JSON.readTree(line).get("custom_id").textValue()).isEqualTo("line-" + (job + 1));
        }
        RunSummary summary = RunOutput.completed(out, Results.RUN).orElseThrow();
        assertThat(summary.totals().jobs()).isEqualTo(JOBS);
        assertThat(summary.totals().duplicates()).isZero();
        assertThat(summary.totals().promptTokens()).isEqualTo(54 * 20);
        assertThat(new OutputFolder(out).hasUnfinished()).isFalse();
    }
}
