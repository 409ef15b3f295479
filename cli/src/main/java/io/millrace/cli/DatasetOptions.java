package io.millrace.cli;

import io.millrace.producer.dataset.Columns;
import io.millrace.producer.dataset.DatasetRequest;
import io.millrace.producer.dataset.Template;
import io.millrace.producer.files.InputFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which rows of which files to take, and what in them is the prompt. */
final class DatasetOptions {

    @Option(
            names = {"-i", "--input-file"},
            required = true,
            paramLabel = "FILE",
            description = "Prompts: JSON lines (a string, {\"prompt\"}, {\"messages\"} or an OpenAI batch line), a JSON"
                    + " array, CSV, Parquet, ShareGPT, Alpaca or OASST trees; also .gz and .zst. A glob in quotes or a"
                    + " Hugging Face dataset folder names several; may be given several times; - reads standard input.")
    private List<String> inputs;

    @Option(
            names = "--input-format",
            paramLabel = "FORMAT",
            defaultValue = "auto",
            converter = FormatName.class,
            description = "What a row is: auto, strings, prompt, messages, openai, sharegpt, alpaca, oasst_threads or"
                    + " oasst_prompts (default: told by its columns).")
    private InputFormat format;

    @Option(
            names = "--split",
            paramLabel = "NAME",
            description = "The split of a dataset folder: train, validation, test (default: train).")
    private String split;

    @Option(
            names = "--select",
            paramLabel = "SQL",
            description = "Take the rows that this SQL gives; the rows of all files are the table input.")
    private String select;

    @Option(names = "--prompt-column", paramLabel = "NAME", description = "The column that holds the user's message.")
    private String promptColumn;

    @Option(
            names = "--messages-column",
            paramLabel = "NAME",
            description = "The column that holds the chat, [{\"role\", \"content\"}, ...].")
    private String messagesColumn;

    @Option(
            names = "--template",
            paramLabel = "TEXT",
            description = "Make the user's message of columns: 'Summarise: {{text}}'.")
    private String template;

    @Option(
            names = "--id-column",
            paramLabel = "NAME",
            description = "The column that names the row (default: custom_id, else id, else its number).")
    private String idColumn;

    @Option(names = "--limit", paramLabel = "N", description = "Take only the first N tasks.")
    private Long limit;

    @Option(names = "--sample", paramLabel = "N", description = "Take N rows, drawn by --seed (default seed: 0).")
    private Long sample;

    @Option(names = "--shuffle", description = "Put the rows into a random order, drawn by --seed.")
    private boolean shuffle;

    @Option(
            names = "--oasst-top-k",
            paramLabel = "N",
            description = "Of OASST trees, only threads whose answers are all among the N best of their siblings.")
    private Integer oasstTopK;

    @Option(
            names = "--oasst-lang",
            paramLabel = "LANG",
            defaultValue = "en",
            description = "Languages of the OASST trees to take, with commas (default: ${DEFAULT-VALUE}).")
    private String oasstLang;

    DatasetRequest request(OptionalLong seed) {
        positive("--limit", limit);
        positive("--sample", sample);
        positive("--oasst-top-k", oasstTopK == null ? null : Long.valueOf(oasstTopK));
        Columns columns = new Columns(
                Optional.ofNullable(promptColumn),
                Optional.ofNullable(messagesColumn),
                Optional.ofNullable(template).map(Template::of),
                Optional.ofNullable(idColumn),
                oasstTopK == null ? OptionalInt.empty() : OptionalInt.of(oasstTopK),
                oasstLang);
        return new DatasetRequest(
                inputs,
                Optional.ofNullable(split),
                Optional.ofNullable(select),
                format,
                columns,
                limit(),
                sample == null ? OptionalLong.empty() : OptionalLong.of(sample),
                shuffle,
                seed.orElse(0));
    }

    OptionalLong limit() {
        return limit == null ? OptionalLong.empty() : OptionalLong.of(limit);
    }

    private static void positive(String option, Long value) {
        if (value != null && value < 1) {
            throw new UserError(option + " must be at least 1, not " + value);
        }
    }

    /** The formats that are a user's. */
    private static final class FormatName implements ITypeConverter<InputFormat> {

        @Override
        public InputFormat convert(String name) {
            List<InputFormat> formats = Arrays.stream(InputFormat.values())
                    .filter(format -> format != InputFormat.SNAPSHOT)
                    .toList();
            return formats.stream()
                    .filter(format -> format.name().equalsIgnoreCase(name.replace('-', '_')))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + name + "' is none of " + formats.toString().toLowerCase(Locale.ROOT)));
        }
    }
}
