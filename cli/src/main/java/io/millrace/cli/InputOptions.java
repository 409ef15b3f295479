package io.millrace.cli;

import io.millrace.job.InvalidFieldException;
import io.millrace.producer.files.BadLines;
import io.millrace.producer.files.CheckedInput;
import io.millrace.producer.files.InputCheck;
import io.millrace.producer.files.InputFile;
import io.millrace.producer.files.InputFormat;
import io.millrace.producer.plan.JobPlanner;
import io.millrace.producer.plan.RunId;
import io.millrace.producer.plan.RunOptions;
import io.millrace.producer.plan.SystemMessage;
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

    @Option(
            names = {"-i", "--input-file"},
            required = true,
            paramLabel = "FILE",
            description = {
                "Prompts, one a line: a JSON string, {\"prompt\"}, {\"messages\"} or an OpenAI batch line; also .gz and .zst;",
                "- reads standard input."
            })
    private String input;

    @Option(
            names = "--input-format",
            paramLabel = "FORMAT",
            defaultValue = "auto",
            description = "${COMPLETION-CANDIDATES} (default: told by content).")
    private InputFormat format;

    @Option(names = "--skip-bad-lines", description = "Report bad lines and go on without them.")
    private boolean skipBadLines;

    @Option(names = "--limit", paramLabel = "N", description = "Take only the first N tasks.")
    private Long limit;

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

    /** The input, read whole and found good, and how its jobs are made. */
    record Planned(CheckedInput input, JobPlanner planner) {}

    /**
     * Checks all of the input before anything else happens.
     *
     * @param workDir where standard input is kept to be read again
     */
    Planned plan(String model, Path workDir, PrintWriter err) throws IOException {
        if (limit != null && limit < 1) {
            throw new UserError("--limit must be at least 1, not " + limit);
        }
        RunOptions options = new RunOptions(sampling.params(), systemMessage(), model, optional(seed), optional(limit));
        InputFile file = input.equals("-") ? InputFile.spooled(System.in, workDir) : InputFile.of(Path.of(input));
        BadLines badLines = skipBadLines
                ? BadLines.skippedWith(line -> err.println("millrace: skipped " + line))
                : BadLines.refused();
        Schemas.fault(options.defaults().answer().format()).ifPresent(fault -> {
            throw new UserError("--json-schema: " + fault);
        });
        CheckedInput checked = InputCheck.check(file, format, optional(limit), badLines, Schemas::fault);
        checked.notes().forEach(note -> err.println("millrace: note: " + note));
        String nonce = fresh ? UUID.randomUUID().toString() : "";
        return new Planned(checked, new JobPlanner(RunId.of(checked.sha256(), options, nonce), options));
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
