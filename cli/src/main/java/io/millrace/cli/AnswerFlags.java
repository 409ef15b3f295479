package io.millrace.cli;

import io.millrace.job.AnswerOptions;
import io.millrace.job.InvalidFieldException;
import io.millrace.job.OutputFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What is asked of the answers of jobs whose line says nothing. */
final class AnswerFlags {

    /** At most one of these. */
    static final class Format {
        @Option(names = "--json", description = "Answers are JSON objects.")
        private boolean json;

        @Option(
                names = "--json-schema",
                paramLabel = "FILE",
                description = "Answers are JSON that this JSON Schema allows.")
        private Path schema;

        @Option(
                names = "--grammar-file",
                paramLabel = "FILE",
                description = "Answers are texts of this grammar, in llama.cpp's GBNF notation.")
        private Path grammar;
    }

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Format format = new Format();

    @Option(
            names = "--top-logprobs",
            paramLabel = "N",
            description = "Tell each token's log probability, and those of the N most likely in its place (0 to 20).")
    private Integer topLogprobs;

    @Option(
            names = "--prefill",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "What each answer begins with; it is not repeated in the output.")
    private String prefill;

    @Option(
            names = "--loop-stop",
            paramLabel = "N",
            defaultValue = "0",
            description = "End a sample whose last N tokens are one cycle, at least three times; 0 is off (default:"
                    + " ${DEFAULT-VALUE}).")
    private int loopStop;

    @Option(
            names = "--lora",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Answer with this LoRA adapter of the workers (default: the model alone).")
    private String lora;

    AnswerOptions options() {
        return new AnswerOptions(
                outputFormat(),
                topLogprobs == null ? OptionalInt.empty() : OptionalInt.of(topLogprobs),
                prefill,
                loopStop,
                lora);
    }

    private OutputFormat outputFormat() {
        if (format.json) {
            return new OutputFormat.JsonObject();
        }
        if (format.schema != null) {
            return schema(format.schema);
        }
        if (format.grammar != null) {
            try {
                return new OutputFormat.Grammar(read("--grammar-file", format.grammar));
            } catch (InvalidFieldException e) {
                throw new UserError("--grammar-file " + format.grammar + " " + e.rule());
            }
        }
        return OutputFormat.TEXT;
    }

    private static OutputFormat schema(Path file) {
        String text = read("--json-schema", file);
        try {
            return new OutputFormat.JsonSchema(text);
        } catch (InvalidFieldException e) {
            throw new UserError("--json-schema " + file + " " + e.rule());
        }
    }

    private static String read(String flag, Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UserError(flag + ": cannot read " + file + ": " + e);
        }
    }
}
