package io.millrace.producer.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.job.InvalidFieldException;
import io.millrace.job.Message;
import io.millrace.job.SamplingParams;
import io.millrace.producer.plan.ParamPatch;
import io.millrace.producer.plan.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Lines into tasks. An object's kind is told by its fields: {@code prompt}, else {@code messages}, else {@code body}.
 * The task's name is {@code custom_id}, else {@code id} (text or whole number), else {@code line-<number>}.
 *
 * <p>Sampling parameters count only inside the {@code body} of a batch line. Beside a {@code prompt} or {@code messages}
 * every further field is metadata, whatever its name, since datasets have columns of any name; {@link #notedFields} names
 * those that look like parameters so that nobody is left to wonder.
 *
 * <p>Confined to the reading thread.
 */
final class TaskReader {
    private static final Set<String> PARAM_NAMES = Set.of(
            "max_tokens",
            "max_completion_tokens",
            "temperature",
            "top_k",
            "top_p",
            "min_p",
            "repeat_penalty",
            "presence_penalty",
            "frequency_penalty",
            "logit_bias",
            "seed",
            "stop",
            "n",
            "tools",
            "response_format",
            "grammar",
            "logprobs");

    private final InputFormat format;
    private final StrictUtf8 utf8 = new StrictUtf8();
    private final RawObject line = new RawObject();
    private final BodyReader bodyReader = new BodyReader();
    private final Set<String> noted = new TreeSet<>();

    TaskReader(InputFormat format) {
        this.format = format;
    }

    /** What {@link InputFormat#AUTO} means for an input with this first line that is not blank: itself or strings. */
    static InputFormat formatOf(String file, LineReader first) {
        if (first.tooLong()) {
            return InputFormat.AUTO; // its bytes are not all there; told with the other bad lines
        }
        int i = first.start();
        while (first.bytes()[i] == ' ' || first.bytes()[i] == '\t') {
            i++;
        }
        String where = file + ":" + first.number() + ": ";
        return switch (first.bytes()[i]) {
            case '"' -> InputFormat.STRINGS;
            case '{' -> InputFormat.AUTO;
            case '[' -> throw new InputException(where + "is a JSON array; write one row a line: jq -c '.[]' FILE");
            default ->
                throw new InputException(where
                        + "is neither a JSON string nor a JSON object; write one a line, for plain text: jq -R . FILE");
        };
    }

    /** Names of top-level fields that look like sampling parameters and were kept as metadata. */
    Set<String> notedFields() {
        return noted;
    }

    /** The task of a line that is not blank. */
    Task read(LineReader lines) throws LineException {
        if (lines.tooLong()) {
            throw new LineException(
                    "", "is longer than " + LineReader.MAX_LINE_BYTES + " bytes, the most for one job; shorten it");
        }
        utf8.check(lines.bytes(), lines.start(), lines.length());
        try {
            return format == InputFormat.STRINGS ? string(lines) : object(lines);
        } catch (JsonProcessingException e) {
            throw RawObject.notJson(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Task string(LineReader lines) throws IOException, LineException {
        try (JsonParser parser = RawObject.json().createParser(lines.bytes(), lines.start(), lines.length())) {
            JsonToken token = parser.nextToken();
            if (token != JsonToken.VALUE_STRING) {
                throw new LineException(
                        "",
                        "must be a JSON string as the first line is, not " + Values.shown(parser)
                                + "; put lines of another kind into a file of their own");
            }
            List<Message> messages = prompt(Values.text(parser, "prompt"));
            if (parser.nextToken() != null) {
                throw new LineException("", "has more text after the string; write one a line");
            }
            return new Task(impliedId(lines.number()), messages, ParamPatch.NONE, "");
        }
    }

    private Task object(LineReader lines) throws IOException, LineException {
        int first = lines.start();
        while (lines.bytes()[first] == ' ' || lines.bytes()[first] == '\t') {
            first++;
        }
        if (lines.bytes()[first] != '{') {
            throw new LineException("", "must be a JSON object; put lines of another kind into a file of their own");
        }
        line.read(lines.bytes(), lines.start(), lines.length());
        if (format == InputFormat.SNAPSHOT) {
            return snapshotRow();
        }
        String id = customId(lines.number());
        return switch (kind()) {
            case PROMPT -> {
                int field = required("prompt", "a text");
                yield plain(id, field, prompt(line.text(field)));
            }
            case MESSAGES -> {
                int field = required("messages", "an array of {\"role\", \"content\"}");
                try (JsonParser parser = line.value(field)) {
                    yield plain(id, field, MessagesReader.read(parser));
                }
            }
            default -> batchLine(id);
        };
    }

    /** A line that {@code producer.dataset} wrote: a batch line in {@code line}, or a prompt or messages with metadata. */
    private Task snapshotRow() throws IOException, LineException {
        String id = line.text(required("custom_id", "a text"));
        int batchLine = line.find("line");
        if (batchLine >= 0) {
            line.descend(batchLine);
            CustomId.of(line);
            return batchLine(id);
        }
        int kept = line.find("metadata");
        String metadata = kept < 0 ? "" : line.raw(kept);
        int prompt = line.find("prompt");
        if (prompt >= 0) {
            return new Task(id, prompt(line.text(prompt)), ParamPatch.NONE, metadata);
        }
        try (JsonParser parser = line.value(required("messages", "an array of {\"role\", \"content\"}"))) {
            return new Task(id, MessagesReader.read(parser), ParamPatch.NONE, metadata);
        }
    }

    private InputFormat kind() throws LineException {
        if (format != InputFormat.AUTO) {
            return format;
        }
        boolean prompt = line.has("prompt");
        boolean messages = line.has("messages");
        if (prompt && messages) {
            throw new LineException(
                    "prompt",
                    "and messages are both there; name the one to use by --input-format prompt or --input-format messages");
        }
        if (prompt) {
            return InputFormat.PROMPT;
        }
        if (messages) {
            return InputFormat.MESSAGES;
        }
        if (line.has("body")) {
            return InputFormat.OPENAI;
        }
        throw new LineException("", "has none of the fields prompt, messages and body; it has " + fieldNames());
    }

    private String fieldNames() {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < Math.min(line.size(), 8); i++) {
            names.append(i == 0 ? "" : ", ").append(line.name(i));
        }
        return line.size() == 0
                ? "no field"
                : names + (line.size() > 8 ? " ..." : "") + ": name the one to use by --prompt-column";
    }

    private int required(String name, String what) throws LineException {
        int field = line.find(name);
        if (field < 0) {
            throw new LineException(name, "is missing; give " + what);
        }
        return field;
    }

    private Task plain(String id, int field, List<Message> messages) throws LineException {
        line.use(field);
        for (int i = 0; i < line.size(); i++) {
            if (i != field && PARAM_NAMES.contains(line.name(i))) {
                noted.add(line.name(i));
            }
        }
        StringBuilder json = new StringBuilder();
        line.appendUnused(json);
        return new Task(id, messages, ParamPatch.NONE, inBraces(json));
    }

    private Task batchLine(String id) throws IOException, LineException {
        int field = required("body", "a chat completion request");
        if (line.token(field) != JsonToken.START_OBJECT) {
            throw new LineException("body", "must be an object, not " + line.shown(field));
        }
        line.use(field);
        expect("method", "POST");
        expect("url", "/v1/chat/completions");
        try {
            bodyReader.read(line, field);
            bodyReader.params().applyTo(SamplingParams.DEFAULTS);
        } catch (LineException e) {
            throw e.under("body");
        } catch (InvalidFieldException e) {
            throw invalid(e).under("body");
        }
        StringBuilder json = new StringBuilder();
        line.appendUnused(json);
        for (int i = 0; i < bodyReader.restNames().size(); i++) {
            String name = bodyReader.restNames().get(i);
            if (line.has(name)) {
                throw new LineException(name, "is there both in the line and in its body; take one out");
            }
            RawObject.append(json, name, bodyReader.restValues().get(i));
        }
        return new Task(id, bodyReader.messages(), bodyReader.params(), inBraces(json));
    }

    private static LineException invalid(InvalidFieldException e) {
        return new LineException(e.field(), e.getMessage().substring(e.field().length() + 1));
    }

    /** The field may be missing; where it is there it must say this. */
    private void expect(String name, String value) throws IOException, LineException {
        int field = line.find(name);
        if (field < 0) {
            return;
        }
        if (!line.text(field).equals(value)) {
            throw new LineException(
                    name, "must be " + value + ", not " + line.shown(field) + "; other requests are not supported");
        }
        line.use(field);
    }

    private static List<Message> prompt(String text) throws LineException {
        if (text.isBlank()) {
            throw new LineException("prompt", "is blank; take the line out");
        }
        return List.of(new Message(Message.USER, text));
    }

    private String customId(long number) throws IOException, LineException {
        return CustomId.of(line).orElseGet(() -> impliedId(number));
    }

    /** The name of a task whose line gives none. */
    static String impliedId(long number) {
        return "line-" + number;
    }

    private static String inBraces(StringBuilder fields) {
        return fields.length() == 0 ? "" : "{" + fields + "}";
    }
}
