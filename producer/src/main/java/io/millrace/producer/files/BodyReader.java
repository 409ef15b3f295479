package io.millrace.producer.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.job.Message;
import io.millrace.producer.plan.ParamPatch;
import java.io.IOException;
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

    private List<Message> messages = List.of();
    private final ParamReader params = new ParamReader();

    /** Marks every field of the body that it understands as used; the rest has no effect. */
    void read(RawObject body) throws LineException, IOException {
        messages = List.of();
        params.clear();
        for (int i = 0; i < body.size(); i++) {
            String field = body.name(i);
            if (body.token(i) == JsonToken.VALUE_NULL) {
                body.use(i);
            } else if (!WITHOUT_EFFECT.contains(field)) {
                try (JsonParser parser = body.value(i)) {
                    readField(field, parser);
                }
                body.use(i);
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

    private void readField(String field, JsonParser parser) throws IOException, LineException {
        if (field.equals("messages")) {
            messages = MessagesReader.read(parser);
        } else if (!params.read(field, parser)) {
            UnsupportedFields.check(field, parser);
        }
    }
}
