package io.millrace.producer.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * Fields of a chat completion request that would change the answer and that Millrace cannot do: an error, never left out
 * in silence. A value that asks for nothing ({@code tools: []}, {@code stream: false}) passes.
 *
 * <p>Thread-safe.
 */
final class UnsupportedFields {
    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("tools", "tools are not supported"),
            Map.entry("tool_choice", "tools are not supported"),
            Map.entry("functions", "tools are not supported"),
            Map.entry("function_call", "tools are not supported"),
            Map.entry("stream", "results come whole"),
            Map.entry("stream_options", "results come whole"),
            Map.entry("guided_json", "write the schema as response_format"),
            Map.entry("guided_regex", "write it as a grammar"),
            Map.entry("guided_choice", "write it as response_format with a schema of an enum, or as a grammar"),
            Map.entry("guided_grammar", "write it as grammar, in llama.cpp's notation"),
            Map.entry("modalities", "only text is supported"),
            Map.entry("audio", "only text is supported"),
            Map.entry("prediction", "predicted outputs are not supported"),
            Map.entry("reasoning_effort", "reasoning effort is not supported"),
            Map.entry("repetition_penalty", "write it as repeat_penalty"),
            Map.entry("max_new_tokens", "write it as max_tokens"),
            Map.entry("typical_p", "this sampler is not supported"),
            Map.entry("mirostat", "this sampler is not supported"));

    private static final Map<String, Set<String>> TEXTS_FOR_NOTHING =
            Map.of("tool_choice", Set.of("none", "auto"), "function_call", Set.of("none", "auto"));

    private UnsupportedFields() {}

    /** @throws LineException unless the value on which the parser stands asks for nothing */
    static void check(String field, JsonParser parser) throws IOException, LineException {
        String reason = REASONS.get(field);
        if (reason == null) {
            throw new LineException(
                    field, "is not a field that Millrace knows; check its name, or put it beside body as metadata");
        }
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            if (TEXTS_FOR_NOTHING.getOrDefault(field, Set.of()).contains(parser.getText())) {
                return;
            }
        } else if (field.equals("modalities")) {
            if (onlyText(parser)) {
                return;
            }
        } else if (Values.skipIfEmpty(parser)) {
            return;
        }
        throw new LineException(field, reason + "; take the field out");
    }

    private static boolean onlyText(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.START_ARRAY
                && parser.nextToken() == JsonToken.VALUE_STRING
                && parser.getText().equals("text")
                && parser.nextToken() == JsonToken.END_ARRAY;
    }
}
