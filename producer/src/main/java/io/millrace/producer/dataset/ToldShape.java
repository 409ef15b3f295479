package io.millrace.producer.dataset;

import com.fasterxml.jackson.core.JsonToken;
import io.millrace.producer.files.CustomId;
import io.millrace.producer.files.InputFormat;
import io.millrace.producer.files.LineException;
import io.millrace.producer.files.RawObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Rows as the user's options say, or else as the names of their columns do.
 *
 * <p>Confined to the thread that makes the snapshot.
 */
final class ToldShape implements RowShape {
    private final InputFormat format;
    private final Columns columns;
    private final RowShape shareGpt;
    private final RowShape alpaca;
    private final RowShape threads;
    private final RowShape prompts;

    ToldShape(InputFormat format, Columns columns) {
        this.format = format;
        this.columns = columns;
        this.shareGpt = new ShareGptShape(columns);
        this.alpaca = new AlpacaShape(columns);
        this.threads = new OasstThreads(columns);
        this.prompts = new OasstPrompts(columns);
    }

    @Override
    public List<RowTask> tasks(RawObject row) throws LineException, IOException {
        if (columns.template().isPresent()) {
            String prompt = columns.template().get().fill(row);
            return List.of(new RowTask(id(row, columns), "prompt", JsonText.of(prompt), rest(row)));
        }
        if (columns.prompt().isPresent()) {
            return column(row, columns.prompt().get(), "prompt", "--prompt-column");
        }
        if (columns.messages().isPresent()) {
            return column(row, columns.messages().get(), "messages", "--messages-column");
        }
        return switch (kind(row)) {
            case PROMPT -> column(row, "prompt", "prompt", "--input-format prompt");
            case MESSAGES -> column(row, "messages", "messages", "--input-format messages");
            case OPENAI -> batchLine(row);
            case SHAREGPT -> shareGpt.tasks(row);
            case ALPACA -> alpaca.tasks(row);
            case OASST_THREADS -> threads.tasks(row);
            case OASST_PROMPTS -> prompts.tasks(row);
            case AUTO, STRINGS, SNAPSHOT -> throw new LineException("", "must be a JSON string; " + Names.of(row));
        };
    }

    private InputFormat kind(RawObject row) throws LineException {
        if (format != InputFormat.AUTO) {
            return format;
        }
        if (row.has("message_tree_id") && row.has("prompt")) {
            return InputFormat.OASST_THREADS;
        }
        if (row.has("prompt") && row.has("messages")) {
            throw new LineException(
                    "prompt",
                    "and messages are both there; name the one to use by --prompt-column or --messages-column");
        }
        if (row.has("prompt")) {
            return InputFormat.PROMPT;
        }
        if (row.has("messages")) {
            return InputFormat.MESSAGES;
        }
        if (row.has("body")) {
            return InputFormat.OPENAI;
        }
        if (row.has("conversations")) {
            return InputFormat.SHAREGPT;
        }
        if (row.has("instruction")) {
            return InputFormat.ALPACA;
        }
        throw new LineException(
                "",
                "has none of the columns prompt, messages, body, conversations and instruction; " + Names.of(row)
                        + ": name the one to use by --prompt-column");
    }

    private List<RowTask> column(RawObject row, String name, String field, String option)
            throws LineException, IOException {
        int found = row.find(name);
        if (found < 0) {
            throw new LineException(name, "is missing or null, and " + option + " asks for it; " + Names.of(row));
        }
        Optional<String> id = id(row, columns);
        row.use(found);
        String value = row.raw(found);
        if (field.equals("messages") && row.token(found) == JsonToken.VALUE_STRING) {
            value = row.text(found); // JSON inside a text, as CSV has it
            if (!value.stripLeading().startsWith("[")) {
                throw new LineException(name, "must hold messages, not the text " + row.shown(found));
            }
            value = JsonText.oneLine(value, name);
        }
        return List.of(new RowTask(id, field, value, rest(row)));
    }

    private List<RowTask> batchLine(RawObject row) throws LineException, IOException {
        Optional<String> id = id(row, columns);
        StringBuilder line = new StringBuilder("{");
        for (int i = 0; i < row.size(); i++) {
            line.append(i == 0 ? "" : ",")
                    .append(JsonText.of(row.name(i)))
                    .append(':')
                    .append(row.raw(i));
        }
        return List.of(new RowTask(id, "line", line.append('}').toString(), ""));
    }

    /** The row's name for itself; the column is then used. */
    static Optional<String> id(RawObject row, Columns columns) throws LineException, IOException {
        if (columns.id().isEmpty()) {
            return CustomId.of(row);
        }
        Optional<String> id = CustomId.of(row, columns.id().get());
        if (id.isEmpty()) {
            throw new LineException(
                    columns.id().get(), "is missing or null, and --id-column asks for it; " + Names.of(row));
        }
        return id;
    }

    /** All columns that nothing used. */
    static String rest(RawObject row) throws LineException {
        StringBuilder json = new StringBuilder();
        row.appendUnused(json);
        return json.toString();
    }
}
