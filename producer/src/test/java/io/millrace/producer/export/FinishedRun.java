package io.millrace.producer.export;

import io.millrace.job.Choice;
import io.millrace.job.FailureKind;
import io.millrace.job.FinishReason;
import io.millrace.job.Job;
import io.millrace.job.JobResult;
import io.millrace.job.Provenance;
import io.millrace.job.SamplingParams;
import io.millrace.job.Timings;
import io.millrace.job.Usage;
import io.millrace.producer.dataset.DatasetRequest;
import io.millrace.producer.dataset.Datasets;
import io.millrace.producer.files.CheckedInput;
import io.millrace.producer.files.PromptFile;
import io.millrace.producer.files.RunFacts;
import io.millrace.producer.files.RunOutput;
import io.millrace.producer.files.TaskCursor;
import io.millrace.producer.plan.JobPlanner;
import io.millrace.producer.plan.RunId;
import io.millrace.producer.plan.RunOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The output folder of a run over a real file, with scripted answers. */
final class FinishedRun {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);
    private static final Provenance PROVENANCE =
            new Provenance("tiny-chatml-q8_0", "ab".repeat(32), "Q8_0", "chatml", "llama.cpp v0.5.0", "worker-1", 1);

    /** The samples of a job; none where it is to fail. */
    interface Script {
        List<String> answers(Job job);
    }

    private FinishedRun() {}

    /** Runs a dataset; a sample that ends in an ellipsis was cut by its length. */
    static Path of(DatasetRequest request, Optional<String> system, Script script, Path folder) throws IOException {
        CheckedInput input = Datasets.check(request, folder.resolve("work"));
        RunOptions options = new RunOptions(
                SamplingParams.DEFAULTS, system, "tiny-chatml-q8_0", OptionalLong.of(7), OptionalLong.empty());
        JobPlanner planner = new JobPlanner(RunId.of(input.sha256(), options, ""), options);
        List<Job> jobs = new ArrayList<>();
        try (TaskCursor tasks = input.open(0)) {
            while (tasks.hasNext()) {
                long index = tasks.index();
                jobs.add(planner.job(tasks.next(), index));
            }
        }
        Path out = folder.resolve("out");
        try (RunOutput output = RunOutput.open(out, planner.runId(), CLOCK)) {
            for (Job job : jobs) {
                output.add(result(job, script.answers(job)));
            }
            PromptFile.write(out, jobs.iterator());
            RunFacts facts = new RunFacts(
                    planner.runId(), "millrace test", options.model(), input.sha256(), 7, options.fields());
            output.complete(facts, jobs.size(), Map.of(0, (long) jobs.size()));
        }
        return out;
    }

    private static JobResult result(Job job, List<String> answers) {
        if (answers.isEmpty()) {
            return new JobResult.Failed(
                    job.id(), job.customId(), FailureKind.CONTEXT_WINDOW_EXCEEDED, "no", PROVENANCE, 1, job.metadata());
        }
        List<Choice> choices = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            FinishReason reason = answers.get(i).endsWith("\u2026") ? FinishReason.LENGTH : FinishReason.STOP;
            choices.add(new Choice(i, answers.get(i), reason, answers.get(i).length() + 1, i));
        }
        return new JobResult.Completed(
                job.id(),
                job.customId(),
                choices,
                new Usage(5, 5, 0),
                new Timings(1, 1, 1),
                PROVENANCE,
                1,
                job.metadata());
    }

    static ExportOptions to(Target target) {
        return with(target, ExportOptions.FilterOptions.NONE, 0, 1_000_000);
    }

    static ExportOptions with(Target target, ExportOptions.FilterOptions filters, double validation, long shardRows) {
        return new ExportOptions(
                target,
                validation,
                Optional.empty(),
                shardRows,
                Optional.empty(),
                filters,
                Optional.empty(),
                List.of());
    }
}
