package io.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.job.Choice;
import io.millrace.job.Job;
import io.millrace.producer.files.TaskCursor;
import io.millrace.producer.plan.Task;
import io.millrace.worker.app.EngineOptions;
import io.millrace.worker.app.Rerun;
import io.millrace.worker.decode.EngineException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Some answered jobs of a run, run again at one slot: how many of their samples differ. Samples may: what a step computes
 * depends in the last bits on the sequences that share it.
 *
 * <p>Immutable.
 *
 * @param jobs that were run again
 * @param samples that were compared
 * @param different names of those that differ, with the place of the first difference
 */
record Verification(int jobs, int samples, List<String> different) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN = 5;

    /** Draws the jobs by the run's seed, runs them and compares. */
    static Verification of(InputOptions.Planned plan, Path output, EngineOptions engine, int count) throws IOException {
        Path results = output.resolve("results.jsonl");
        String start = "{\"id\":\"batch_req_" + plan.planner().runId() + "-";
        Set<Long> drawn = draw(results, start, plan.planner().runSeed(), count);
        Map<Long, JsonNode> lines = lines(results, start, drawn);
        try {
            Map<Long, List<Choice>> again = Rerun.of(engine, jobs(plan, drawn));
            return compare(lines, again);
        } catch (EngineException e) {
            throw new UserError("--verify: " + e.getMessage(), ExitStatus.FAILED);
        }
    }

    private static Set<Long> draw(Path results, String start, long seed, int count) throws IOException {
        List<Long> indexes = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(results)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                indexes.add(index(line, start));
            }
        }
        Collections.shuffle(indexes, new Random(seed));
        return new HashSet<>(indexes.subList(0, Math.min(count, indexes.size())));
    }

    private static Map<Long, JsonNode> lines(Path results, String start, Set<Long> drawn) throws IOException {
        Map<Long, JsonNode> lines = new HashMap<>();
        try (BufferedReader reader = Files.newBufferedReader(results)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                long index = index(line, start);
                if (drawn.contains(index)) {
                    lines.put(index, JSON.readTree(line));
                }
            }
        }
        return lines;
    }

    private static long index(String line, String start) {
        if (!line.startsWith(start)) {
            throw new UserError("--verify: results.jsonl has a line of another run: "
                    + line.substring(0, Math.min(80, line.length())));
        }
        return Long.parseLong(line.substring(start.length(), line.indexOf('"', start.length())));
    }

    private static List<Job> jobs(InputOptions.Planned plan, Set<Long> drawn) throws IOException {
        List<Job> jobs = new ArrayList<>();
        try (TaskCursor tasks = plan.input().open(0)) {
            while (tasks.hasNext() && jobs.size() < drawn.size()) {
                long index = tasks.index();
                Task task = tasks.next();
                if (drawn.contains(index)) {
                    jobs.add(plan.planner().job(task, index));
                }
            }
        }
        return jobs;
    }

    private static Verification compare(Map<Long, JsonNode> lines, Map<Long, List<Choice>> again) {
        int samples = 0;
        List<String> different = new ArrayList<>();
        for (Map.Entry<Long, JsonNode> line : lines.entrySet()) {
            JsonNode choices = line.getValue().path("response").path("body").path("choices");
            List<Choice> others = again.getOrDefault(line.getKey(), List.of());
            for (JsonNode choice : choices) {
                int sample = choice.path("index").intValue();
                String text = choice.path("message").path("content").asText();
                String other = sample < others.size() ? others.get(sample).text() : "";
                samples++;
                if (!text.equals(other)) {
                    different.add(line.getValue().path("custom_id").asText() + " sample " + sample + " from character "
                            + (1 + firstDifference(text, other)));
                }
            }
        }
        return new Verification(lines.size(), samples, different);
    }

    private static int firstDifference(String a, String b) {
        int i = 0;
        while (i < Math.min(a.length(), b.length()) && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        return i;
    }

    @Override
    public String toString() {
        String found = different.isEmpty()
                ? "all are equal"
                : different.size() + " differ: "
                        + String.join(", ", different.subList(0, Math.min(SHOWN, different.size())))
                        + (different.size() > SHOWN ? " ..." : "");
        return "verify: " + samples + " samples of " + jobs + " jobs run again at one slot: " + found;
    }
}
