package io.millrace.cli;

import io.millrace.job.Choice;
import io.millrace.job.Job;
import io.millrace.producer.files.AnsweredJobs;
import io.millrace.worker.app.EngineOptions;
import io.millrace.worker.app.Rerun;
import io.millrace.worker.decode.EngineException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
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
    private static final int SHOWN = 5;

    /** Draws the jobs by the run's seed, runs them and compares. */
    static Verification of(InputOptions.Planned plan, Path output, EngineOptions engine, int count) throws IOException {
        AnsweredJobs answered = new AnsweredJobs(output, plan.planner().runId());
        List<Long> indexes = answered.indexes();
        Collections.shuffle(indexes, new Random(plan.planner().runSeed()));
        Set<Long> drawn = new HashSet<>(indexes.subList(0, Math.min(count, indexes.size())));
        Map<Long, AnsweredJobs.Answer> answers = answered.read(drawn);
        try {
            return compare(answers, Rerun.of(engine, jobs(plan, drawn)));
        } catch (EngineException e) {
            throw new UserError("--verify: " + e.getMessage(), ExitStatus.FAILED);
        }
    }

    private static List<Job> jobs(InputOptions.Planned plan, Set<Long> drawn) throws IOException {
        List<Job> jobs = new ArrayList<>();
        try (PlannedJobs planned = plan.open(0)) {
            while (planned.hasNext() && jobs.size() < drawn.size()) {
                Job job = planned.next();
                if (drawn.contains(job.id().index())) {
                    jobs.add(job);
                }
            }
        }
        return jobs;
    }

    static Verification compare(Map<Long, AnsweredJobs.Answer> answers, Map<Long, List<Choice>> again) {
        int samples = 0;
        List<String> different = new ArrayList<>();
        for (Map.Entry<Long, AnsweredJobs.Answer> answer : answers.entrySet()) {
            List<Choice> others = again.getOrDefault(answer.getKey(), List.of());
            List<String> texts = answer.getValue().texts();
            for (int sample = 0; sample < texts.size(); sample++) {
                String other = sample < others.size() ? others.get(sample).text() : "";
                samples++;
                if (!texts.get(sample).equals(other)) {
                    different.add(answer.getValue().customId() + " sample " + sample + " from character "
                            + (1 + firstDifference(texts.get(sample), other)));
                }
            }
        }
        return new Verification(answers.size(), samples, different);
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
