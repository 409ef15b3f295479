package io.millrace.producer.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.producer.files.OutputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes a dataset of a complete run. The same run and options give the same bytes.
 *
 * <p>Confined to the exporting thread.
 */
public final class Export {
    private static final String TRAIN = "train";
    private static final String VALIDATION = "validation";
    private static final List<String> SAMPLING_FIELDS =
            List.of("temperature", "top_k", "top_p", "min_p", "repeat_penalty", "max_tokens");

    private final Path run;
    private final Path output;
    private final ExportOptions options;
    private final RunCard facts;
    private final Lengths lengths = new Lengths();
    private long jobs;
    private long samples;

    private Export(Path run, Path output, ExportOptions options, RunCard facts) {
        this.run = run;
        this.output = output;
        this.options = options;
        this.facts = facts;
    }

    /**
     * Writes the dataset.
     *
     * @param output a folder that does not exist or is empty
     * @throws OutputException when the run or the folder cannot be used
     */
    public static ExportReport write(Path run, Path output, ExportOptions options) throws IOException {
        RunCard facts = RunCard.read(run);
        if (Files.exists(output)) {
            if (!Files.isDirectory(output)) {
                throw new OutputException(output + ": is a file; name a folder by -o");
            }
            try (Stream<Path> content = Files.list(output)) {
                if (content.findAny().isPresent()) {
                    throw new OutputException(output + ": is not empty; remove it, or name another folder by -o");
                }
            }
        }
        return new Export(run, output, options, facts).write();
    }

    private ExportReport write() throws IOException {
        ExportFormat format = format();
        Filters filters = options.filters().filters();
        Path data = options.target().dataset() ? output.resolve("data") : output;
        List<ShardWriter> writers = new ArrayList<>();
        try (RunReader reader = new RunReader(run);
                ShardWriter train = writer(data, TRAIN, format);
                ShardWriter validation = writer(data, VALIDATION, format)) {
            if (format.needsPrompts() && !reader.hasPrompts()) {
                throw new OutputException(run + ": holds no prompts.jsonl.zst, which --to " + options.target()
                        + " needs; collect the run with --prompts, or export to openai, humaneval or text");
            }
            Files.createDirectories(data);
            for (Optional<ExportRow> row = reader.next(); row.isPresent(); row = reader.next()) {
                add(filters.apply(row.get()), row.get(), format, inValidation(row.get()) ? validation : train);
            }
            writers.add(train);
            writers.add(validation);
            if (train.rows() + validation.rows() == 0) {
                throw new OutputException(output + ": no row is left of " + samples + " samples, removed by "
                        + filters.removed() + "; loosen the filters");
            }
            return finish(format, filters, writers);
        }
    }

    private ShardWriter writer(Path data, String split, ExportFormat format) {
        return new ShardWriter(
                data,
                split,
                options.target(),
                format,
                options.target().dataset() ? options.shardRows() : Long.MAX_VALUE);
    }

    private void add(ExportRow kept, ExportRow whole, ExportFormat format, ShardWriter writer) throws IOException {
        jobs++;
        samples += whole.completions().size();
        for (Completion completion : kept.completions()) {
            lengths.add(completion.text().codePointCount(0, completion.text().length()));
        }
        if (!kept.completions().isEmpty()) {
            for (ObjectNode row : format.rows(kept)) {
                writer.write(row);
            }
        }
    }

    /** Told by a hash of the source row or of its group, so that it depends on nothing else in the run. */
    private boolean inValidation(ExportRow row) {
        if (options.validation() == 0) {
            return false;
        }
        String key = row.customId();
        if (options.splitBy().isPresent()) {
            JsonNode group = row.metadata().path(options.splitBy().get());
            if (group.isMissingNode()) {
                throw new OutputException("--split-by " + options.splitBy().get() + ": row '" + row.customId()
                        + "' of the input has no such column");
            }
            key = group.asText();
        }
        return (Hashes.add(Hashes.START, key) >>> 11) * 0x1.0p-53 < options.validation();
    }

    private ExportReport finish(ExportFormat format, Filters filters, List<ShardWriter> writers) throws IOException {
        List<String> files = new ArrayList<>();
        List<ExportReport.Split> splits = new ArrayList<>();
        for (int i = 0; i < writers.size(); i++) {
            long bytes = 0;
            for (Path file : writers.get(i).finish()) {
                Path named = options.target().dataset() ? file : evaluatorsName(file);
                bytes += Files.size(named);
                files.add(output.relativize(named).toString());
            }
            if (writers.get(i).rows() > 0) {
                splits.add(new ExportReport.Split(
                        i == 0 ? TRAIN : VALIDATION, writers.get(i).rows(), bytes));
            }
        }
        ExportReport report = new ExportReport(jobs, samples, filters.removed(), splits, lengths, files);
        if (options.target().dataset()) {
            Files.writeString(output.resolve("README.md"), DatasetCard.text(facts, options, format, report));
        }
        return report;
    }

    private Path evaluatorsName(Path file) throws IOException {
        Path named = output.resolve(options.target() == Target.HUMANEVAL ? "samples.jsonl" : "responses.jsonl");
        return Files.move(file, named);
    }

    private ExportFormat format() throws IOException {
        return switch (options.target()) {
            case OPENAI -> PlainFormats.openAi();
            case MESSAGES_JSONL, MESSAGES_PARQUET -> new ChatFormat(false);
            case PROMPT_COMPLETION_JSONL, PROMPT_COMPLETION_PARQUET -> new ChatFormat(true);
            case PREFERENCE_JSONL, PREFERENCE_PARQUET ->
                new PreferenceFormat(Scores.read(options.scores().orElseThrow()));
            case SHAREGPT -> new ShareGptFormat();
            case ALPACA -> new AlpacaFormat();
            case OASST_TREE -> new OasstFormat(facts.runId(), facts.sampling(SAMPLING_FIELDS));
            case HUMANEVAL -> PlainFormats.humanEval();
            case IFEVAL -> PlainFormats.ifEval();
            case CSV -> PlainFormats.csv();
            case TEXT -> PlainFormats.text();
        };
    }
}
