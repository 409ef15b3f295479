package io.millrace.producer.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.job.Message;
import io.millrace.producer.plan.ParamPatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads the body of a chat completion request: messages and sampling parameters under OpenAI's names, and llama.cpp's for
 * what OpenAI lacks. Fields that cannot change the answer are left for the metadata; any other field that is not known or
 * not supported is an error, unless its value asks for nothing.
 *
 * <p>Confined to the reading thread.
 */
final class BodyReader {
    /** Has no effect on the text here: names, and what OpenAI does with the request. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "model",
            "user",
            "metadata",
            "store",
            "service_tier",
            "safety_identifier",
            "prompt_cache_key",
            "parallel_tool_calls");

    private final ParamReader params = new ParamReader();
    private final List<String> restNames = new ArrayList<>();
    private final List<String> restValues = new ArrayList<>();
    private List<Message> messages = List.of();

    /** Reads the value of a line's field. */
    void read(RawObject line, int body) throws LineException, IOException {
        messages = List.of();
        params.clear();
        restNames.clear();
        restValues.clear();
        try (JsonParser parser = line.value(body)) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_NULL) {
                    continue;
                }
                if (WITHOUT_EFFECT.contains(field)) {
                    long start = parser.currentTokenLocation().getByteOffset();
                    parser.skipChildren();
                    parser.finishToken();
                    restNames.add(field);
                    restValues.add(
                            line.raw(body, start, parser.currentLocation().getByteOffset()));
                } else if (field.equals("messages")) {
                    messages = MessagesReader.read(parser);
                } else if (!params.read(field, parser)) {
                    UnsupportedFields.check(field, parser);
                }
            }
        }
        if (messages.isEmpty()) {
            throw new LineException("messages", "is missing; give an array of {\"role\", \"content\"}");
        }
    }

    List<Message> messages() {
        return messages;
    }

    ParamPatch params() {
        return params.patch();
    }

    /** Names of the fields that have no effect. */
    List<String> restNames() {
        return restNames;
    }

    /** Their values as they were written. */
    List<String> restValues() {
        return restValues;
    }
}
