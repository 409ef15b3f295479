package io.millrace.cli;

import io.millrace.job.InvalidFieldException;
import io.millrace.producer.dataset.Snapshot;
import io.millrace.producer.files.AnsweredRows;
import io.millrace.producer.files.BadLines;
import io.millrace.producer.files.CheckedInput;
import io.millrace.producer.files.Duplicates;
import io.millrace.producer.files.InputCheck;
import io.millrace.producer.ledger.RunLedger;
import io.millrace.producer.plan.JobPlanner;
import io.millrace.producer.plan.RunId;
import io.millrace.producer.plan.RunOptions;
import io.millrace.producer.plan.Sweep;
import io.millrace.producer.plan.SystemMessage;
import io.millrace.producer.sweep.MetadataFields;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What to run. */
final class InputOptions {

    @Mixin
    private DatasetOptions dataset = new DatasetOptions();

    @Option(names = "--skip-bad-lines", description = "Report bad lines and go on without them.")
    private boolean skipBadLines;

    @Option(
            names = "--system",
            paramLabel = "TEXT|llama2|none",
            defaultValue = "none",
            description = "System message for chats without one; llama2 is the one of the reference model's card"
                    + " (default: ${DEFAULT-VALUE}).")
    private String system;

    @Option(names = "--seed", paramLabel = "N", description = "The run's seed (default: made from the run id).")
    private Long seed;

    @Option(names = "--new", description = "Start a fresh run though input and options are those of an earlier one.")
    private boolean fresh;

    @Mixin
    private SamplingOptions sampling = new SamplingOptions();

    /**
     * The input, read whole and found good, and how its jobs are made.
     *
     * @param duplicates the rows behind the input, where it has only the distinct ones
     */
    record Planned(CheckedInput input, JobPlanner planner, Optional<Duplicates> duplicates) {

        long jobs() {
            return input.tasks() * planner.jobsPerTask();
        }

        /** The jobs from the one with this index on. */
        PlannedJobs open(long fromJob) throws IOException {
            return new PlannedJobs(input, planner, fromJob);
        }

        /** Where in the output folder the run of the jobs goes. */
        Path folder(Path output) {
            return duplicates.isPresent() ? AnsweredRows.runFolder(output) : output;
        }
    }

    /**
     * How tasks become jobs.
     *
     * @param sweep a job for each of its points
     * @param dedupe one job for all tasks whose answers would be the same
     */
    record Shape(Optional<Sweep> sweep, boolean dedupe) {
        static final Shape A_JOB_A_TASK = new Shape(Optional.empty(), false);
    }

    /**
     * Checks all of the input before anything else happens.
     *
     * @param shape how many jobs a task is
     * @param workDir where standard input and what was made of other formats are kept to be read again
     */
    Planned plan(String model, Shape shape, Path workDir, PrintWriter err) throws IOException {
        RunOptions options = new RunOptions(
                sampling.params(),
                systemMessage(),
                model,
                optional(seed),
                dataset.limit(),
                shape.sweep(),
                shape.dedupe());
        BadLines badLines = skipBadLines
                ? BadLines.skippedWith(line -> err.println("millrace: skipped " + line))
                : BadLines.refused();
        Schemas.fault(options.defaults().answer().format()).ifPresent(fault -> {
            throw new UserError("--json-schema: " + fault);
        });
        Snapshot.Lines lines = Snapshot.of(dataset.request(optional(seed)), System.in, workDir, badLines);
        CheckedInput checked =
                InputCheck.check(lines.file(), lines.format(), dataset.limit(), badLines, Schemas::fault);
        checked.notes().forEach(note -> err.println("millrace: note: " + note));
        String nonce = fresh ? UUID.randomUUID().toString() : "";
        JobPlanner planner = new JobPlanner(RunId.of(checked.sha256(), options, nonce), options, new MetadataFields());
        if (checked.tasks() * planner.jobsPerTask() > RunLedger.MAX_JOBS) {
            throw new UserError(checked.tasks() + " tasks at " + planner.jobsPerTask() + " points are more than "
                    + RunLedger.MAX_JOBS + " jobs, the most of a run: take fewer by --limit or --sample");
        }
        if (!shape.dedupe()) {
            return new Planned(checked, planner, Optional.empty());
        }
        Duplicates duplicates = Duplicates.find(checked, planner);
        return new Planned(duplicates.distinct(), planner, Optional.of(duplicates));
    }

    private Optional<String> systemMessage() {
        try {
            return SystemMessage.of(system);
        } catch (InvalidFieldException e) {
            throw new UserError(e.getMessage());
        }
    }

    private static OptionalLong optional(Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
