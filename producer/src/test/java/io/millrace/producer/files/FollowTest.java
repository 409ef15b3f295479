package io.millrace.producer.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.Message;
import io.millrace.job.SamplingParams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines as they come, and prompts beside results. */
class FollowTest {

    @TempDir
    Path folder;

    @Test
    void aFollowerSeesEveryLineOnceAlsoThoseOfAnEarlierProcess() throws IOException {
        Path out = folder.resolve("out");
        try (RunOutput output = RunOutput.open(out, Results.RUN, Clock.systemUTC())) {
            for (long i = 0; i < 10; i++) {
                output.add(Results.of(i));
            }
            output.checkpoint(Map.of(0, 10L));
            output.add(Results.of(10)); // lost with the process, and collected again
        }
        ByteArrayOutputStream pipe = new ByteArrayOutputStream();
        try (RunOutput output = RunOutput.open(out, Results.RUN, Clock.systemUTC())) {
            output.follow(pipe);
            assertThat(pipe.toString(UTF_8).lines()).hasSize(10);
            for (long i = 5; i < 20; i++) {
                output.add(Results.of(i));
            }
            output.complete(Results.FACTS, 20, Map.of(0, 20L));
        }

        List<String> files = new ArrayList<>(Files.readAllLines(out.resolve("results.jsonl")));
        files.addAll(Files.readAllLines(out.resolve("errors.jsonl")));
        assertThat(pipe.toString(UTF_8).lines()).hasSize(20).containsExactlyInAnyOrderElementsOf(files);
    }

    @Test
    void promptsThatCameInAnyOrderAreTheSameAsThoseOfTheInput() throws IOException {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            jobs.add(new Job(
                    new JobId(Results.RUN, i),
                    "line-" + (i + 1),
                    List.of(new Message("system", "S"), new Message("user", "prompt \"" + i + "\"\n\u00e9")),
                    SamplingParams.DEFAULTS,
                    7,
                    ""));
        }
        Path ordered = Files.createDirectories(folder.resolve("ordered"));
        Path unordered = Files.createDirectories(folder.resolve("unordered"));
        PromptFile.write(ordered, jobs.iterator());
        List<Job> shuffled = new ArrayList<>(jobs);
        Collections.shuffle(shuffled, new Random(1));
        PromptFile.writeUnordered(unordered, Results.RUN, sink -> {
            for (Job job : shuffled) {
                sink.accept(job);
            }
        });

        try (PromptFile.Reader first = PromptFile.open(ordered).orElseThrow();
                PromptFile.Reader second = PromptFile.open(unordered).orElseThrow()) {
            for (int i = 0; i < jobs.size(); i += 3) {
                assertThat(first.messages(i)).isEqualTo(jobs.get(i).messages());
                assertThat(second.messages(i)).isEqualTo(jobs.get(i).messages());
            }
        }
        assertThat(Files.list(unordered)).hasSize(1);
        assertThat(PromptFile.open(folder)).isEmpty();
    }
}
