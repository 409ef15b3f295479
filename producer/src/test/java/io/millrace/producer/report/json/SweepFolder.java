package io.millrace.producer.report.json;

import io.millrace.job.Choice;
import io.millrace.job.FailureKind;
import io.millrace.job.FinishReason;
import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.JobResult;
import io.millrace.job.Message;
import io.millrace.job.Provenance;
import io.millrace.job.SamplingParams;
import io.millrace.job.Timings;
import io.millrace.job.Usage;
import io.millrace.producer.files.PromptFile;
import io.millrace.producer.files.RunFacts;
import io.millrace.producer.files.RunOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The folder of a sweep over temperatures, as a sweep writes it, with answers drawn from a seed: the hotter, the more of them
 * are wrong, long and cut.
 */
public final class SweepFolder {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);
    private static final Provenance PROVENANCE =
            new Provenance("tiny-chatml-q8_0", "ab".repeat(32), "Q8_0", "chatml", "llama.cpp v0.5.0", "worker-1", 1);

    /** What a page must show and not run. */
    public static final String HOSTILE =
            "</script><script>window.hacked = 1</script><!--<img src=x onerror=window.hacked=2>"
                    + " \u2028 \ud83d\ude00 {{title}} \u0000 end";

    private final String run;
    private final List<Double> temperatures;
    private final int tasks;
    private final int samples;
    private final Random random;
    private final StringBuilder scores = new StringBuilder();

    private SweepFolder(String run, List<Double> temperatures, int tasks, int samples) {
        this.run = run;
        this.temperatures = temperatures;
        this.tasks = tasks;
        this.samples = samples;
        this.random = new Random(run.hashCode());
    }

    /** The first task's first answer is hostile; the second task's job at the last point failed. */
    public static Path write(Path folder, String run, List<Double> temperatures, int tasks, int samples)
            throws IOException {
        new SweepFolder(run, temperatures, tasks, samples).write(folder);
        return folder;
    }

    private void write(Path folder) throws IOException {
        List<Job> jobs = new ArrayList<>();
        try (RunOutput output = RunOutput.open(folder, run, CLOCK)) {
            for (int task = 0; task < tasks; task++) {
                for (int point = 0; point < temperatures.size(); point++) {
                    Job job = job(task, point, jobs.size());
                    jobs.add(job);
                    output.add(result(job, task, point));
                }
            }
            PromptFile.write(folder, jobs.iterator());
            output.complete(
                    new RunFacts(
                            run, "millrace test", "tiny-chatml-q8_0", "cd".repeat(32), 7, Map.of("n", "" + samples)),
                    jobs.size(),
                    Map.of(0, (long) jobs.size()));
        }
        Files.writeString(folder.resolve("sweep.json"), sweep());
        Files.writeString(folder.resolve("scores.jsonl"), scores);
    }

    private String sweep() {
        List<String> points = new ArrayList<>();
        for (double temperature : temperatures) {
            points.add("{\"id\":\"p" + points.size() + "\",\"label\":\"temperature=" + temperature
                    + "\",\"params\":{\"temperature\":" + temperature + "}}");
        }
        return "{\"points\":[" + String.join(",", points) + "],\"scorers\":[\"number\"],\"tasks\":" + tasks + "}";
    }

    private static int sum(int task) {
        return task * 7 % 90 + task * 13 % 50;
    }

    private Job job(int task, int point, int index) {
        String prompt = "What is " + task * 7 % 90 + " + " + task * 13 % 50 + "? Question " + task + ".";
        return new Job(
                new JobId(run, index),
                "task-" + task + "@p" + point,
                List.of(new Message(Message.SYSTEM, "You add."), new Message(Message.USER, prompt)),
                SamplingParams.DEFAULTS,
                7,
                "{\"reference\":\"" + sum(task) + "\",\"kind\":\"add\",\"sweep\":{\"task\":\"task-" + task
                        + "\",\"point\":\"p" + point + "\"}}");
    }

    private JobResult result(Job job, int task, int point) {
        if (task == 1 && point == temperatures.size() - 1) {
            return new JobResult.Failed(
                    job.id(),
                    job.customId(),
                    FailureKind.CONTEXT_WINDOW_EXCEEDED,
                    "needs 9000 <b>tokens</b>",
                    PROVENANCE,
                    1,
                    job.metadata());
        }
        double heat = temperatures.get(point);
        List<Choice> choices = new ArrayList<>();
        int tokens = 0;
        for (int sample = 0; sample < samples; sample++) {
            boolean right = random.nextDouble() > heat * 0.6 * (0.4 + task % 7 / 6.0);
            boolean cut = random.nextDouble() < heat * 0.2;
            int found = sum(task) + (right ? 0 : 1 + random.nextInt(9));
            String text = task == 0 && point == 0 && sample == 0 ? HOSTILE : answer(found, heat, cut);
            score(job.customId(), task, point, sample, right, found);
            int length = 12 + text.length() / 4;
            tokens += length;
            choices.add(new Choice(sample, text, cut ? FinishReason.LENGTH : FinishReason.STOP, length, sample));
        }
        return new JobResult.Completed(
                job.id(),
                job.customId(),
                choices,
                new Usage(20, tokens, 9),
                new Timings(3, 2, tokens * 4.0),
                PROVENANCE,
                1,
                job.metadata());
    }

    private String answer(int found, double heat, boolean cut) {
        StringBuilder text = new StringBuilder("Let me add the numbers step by step.");
        int words = (int) (10 + random.nextDouble() * 30 * (0.3 + heat));
        for (int i = 0; i < words; i++) {
            text.append(List.of(" first", " we", " take", " the", " tens", " and", " ones", ",", " then")
                    .get(random.nextInt(9)));
        }
        return cut
                ? text.toString()
                : text.append(".\n\nThe answer is ").append(found).append(".").toString();
    }

    private void score(String customId, int task, int point, int sample, boolean right, int found) {
        scores.append("{\"custom_id\":\"" + customId + "\",\"task\":\"task-" + task + "\",\"point\":\"p" + point
                + "\",\"sample\":" + sample + ",\"scorer\":\"number\",\"score\":" + (right ? "1.0" : "0.0")
                + ",\"detail\":\"expected " + sum(task) + ", found " + found + "\"}\n");
    }
}
