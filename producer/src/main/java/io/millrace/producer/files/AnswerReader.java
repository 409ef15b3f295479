package io.millrace.producer.files;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.job.InvalidFieldException;
import io.millrace.job.OutputFormat;
import io.millrace.producer.plan.AnswerPatch;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Gathers what one body asks of its answers: {@code response_format}, {@code logprobs} and {@code top_logprobs} as OpenAI
 * has them, {@code json_schema} and {@code grammar} as llama-server has them, {@code prefill}, {@code loop_stop} and
 * {@code lora}.
 *
 * <p>Confined to the reading thread.
 */
final class AnswerReader {
    private Optional<OutputFormat> format;
    private String formatField;
    private Optional<Boolean> logprobs;
    private OptionalInt topLogprobs;
    private Optional<String> prefill;
    private OptionalInt loopStop;
    private Optional<String> lora;

    AnswerReader() {
        clear();
    }

    void clear() {
        format = Optional.empty();
        formatField = "";
        logprobs = Optional.empty();
        topLogprobs = OptionalInt.empty();
        prefill = Optional.empty();
        loopStop = OptionalInt.empty();
        lora = Optional.empty();
    }

    /** Whether the field is one of these. */
    boolean read(String field, JsonParser parser) throws IOException, LineException {
        switch (field) {
            case "response_format" -> format(field, responseFormat(parser));
            case "json_schema" -> format(field, new OutputFormat.JsonSchema(schema(parser, field)));
            case "grammar" -> {
                String gbnf = Values.text(parser, field);
                if (!gbnf.isEmpty()) {
                    format(field, new OutputFormat.Grammar(gbnf));
                }
            }
            case "logprobs" -> logprobs = Optional.of(Values.flag(parser, field));
            case "top_logprobs" -> topLogprobs = OptionalInt.of(Values.smallInteger(parser, field));
            case "prefill" -> prefill = Optional.of(Values.text(parser, field));
            case "loop_stop" -> loopStop = OptionalInt.of(Values.smallInteger(parser, field));
            case "lora" -> lora = Optional.of(Values.text(parser, field));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void format(String field, OutputFormat next) throws LineException {
        boolean open = format.isEmpty() || format.get() instanceof OutputFormat.Text;
        if (next instanceof OutputFormat.Text && !open) {
            return;
        }
        if (!open) {
            throw new LineException(
                    field, "and " + formatField + " both say what the answer is like; give one of them");
        }
        format = Optional.of(next);
        formatField = field;
    }

    private static OutputFormat responseFormat(JsonParser parser) throws IOException, LineException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new LineException("response_format", "must be an object, not " + Values.shown(parser));
        }
        String type = "";
        Optional<String> schema = Optional.empty();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "type" -> type = Values.text(parser, "response_format.type");
                case "schema" -> schema = Optional.of(schema(parser, "response_format.schema"));
                case "json_schema" -> schema = namedSchema(parser);
                default -> throw new LineException("response_format", "has a field that is not known: " + field);
            }
        }
        return switch (type) {
            case "text" -> OutputFormat.TEXT;
            case "json_object" ->
                schema.isPresent() ? new OutputFormat.JsonSchema(schema.get()) : new OutputFormat.JsonObject();
            case "json_schema" ->
                new OutputFormat.JsonSchema(schema.orElseThrow(() ->
                        new LineException("response_format.json_schema.schema", "is missing; give a JSON Schema")));
            default ->
                throw new LineException(
                        "response_format.type", "must be text, json_object or json_schema, not '" + type + "'");
        };
    }

    /** OpenAI's object of a schema and its name; name and description do not reach the model. */
    private static Optional<String> namedSchema(JsonParser parser) throws IOException, LineException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new LineException(
                    "response_format.json_schema", "must be an object with a schema, not " + Values.shown(parser));
        }
        Optional<String> schema = Optional.empty();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (field.equals("schema")) {
                schema = Optional.of(schema(parser, "response_format.json_schema.schema"));
            } else {
                parser.skipChildren();
            }
        }
        return schema;
    }

    private static String schema(JsonParser parser, String field) throws IOException, LineException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new LineException(field, "must be a JSON Schema, which is an object, not " + Values.shown(parser));
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator copy = RawObject.json().createGenerator(text)) {
            copy.copyCurrentStructure(parser);
        }
        return Texts.requireWhole(text.toString(), field);
    }

    /** @throws InvalidFieldException when two fields do not go together */
    AnswerPatch patch() {
        if (topLogprobs.orElse(0) > 0 && !logprobs.orElse(false)) {
            throw new InvalidFieldException(
                    "top_logprobs", Integer.toString(topLogprobs.getAsInt()), "must be 0 unless logprobs is true");
        }
        Optional<OptionalInt> top =
                logprobs.map(wanted -> wanted ? OptionalInt.of(topLogprobs.orElse(0)) : OptionalInt.empty());
        AnswerPatch patch = new AnswerPatch(format, top, prefill, loopStop, lora);
        return patch.equals(AnswerPatch.NONE) ? AnswerPatch.NONE : patch;
    }
}
