package io.millrace.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.job.Choice;
import io.millrace.job.FinishReason;
import io.millrace.job.Message;
import io.millrace.job.Timings;
import io.millrace.job.TokenLogprob;
import io.millrace.job.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The fields {@code choices}, {@code usage} and {@code timings} of an answer, alike in result records and in the frames
 * of the engine process.
 *
 * <p>Thread-safe.
 */
public final class AnswerCodec {

    private AnswerCodec() {}

    /** Writes the three fields into the object that is open. */
    public static void write(JsonGenerator json, List<Choice> choices, Usage usage, Timings timings)
            throws IOException {
        json.writeArrayFieldStart("choices");
        for (Choice choice : choices) {
            json.writeStartObject();
            json.writeNumberField("index", choice.index());
            json.writeObjectFieldStart("message");
            json.writeStringField("role", Message.ASSISTANT);
            json.writeStringField("content", choice.text());
            json.writeEndObject();
            json.writeStringField("finish_reason", choice.finishReason().wireName());
            json.writeNumberField("completion_tokens", choice.completionTokens());
            json.writeNumberField("seed", choice.seed());
            if (choice.logprobs().isPresent()) {
                json.writeFieldName("logprobs");
                writeLogprobs(json, choice.logprobs().get());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("usage");
        json.writeNumberField("prompt_tokens", usage.promptTokens());
        json.writeNumberField("completion_tokens", usage.completionTokens());
        json.writeNumberField("cached_tokens", usage.cachedTokens());
        json.writeEndObject();
        json.writeObjectFieldStart("timings");
        json.writeNumberField("queue_ms", timings.queueMillis());
        json.writeNumberField("prompt_ms", timings.promptMillis());
        json.writeNumberField("predicted_ms", timings.generationMillis());
        json.writeEndObject();
    }

    /** OpenAI's object of a choice's log probabilities. */
    public static void writeLogprobs(JsonGenerator json, List<TokenLogprob> logprobs) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("content");
        for (TokenLogprob logprob : logprobs) {
            json.writeStartObject();
            writeScored(json, logprob.chosen());
            json.writeArrayFieldStart("top_logprobs");
            for (TokenLogprob.Scored top : logprob.top()) {
                json.writeStartObject();
                writeScored(json, top);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNullField("refusal");
        json.writeEndObject();
    }

    private static void writeScored(JsonGenerator json, TokenLogprob.Scored scored) throws IOException {
        json.writeStringField("token", scored.token());
        json.writeNumberField("logprob", scored.logprob());
        json.writeArrayFieldStart("bytes");
        for (int b : scored.bytes()) {
            json.writeNumber(b);
        }
        json.writeEndArray();
    }

    private static Optional<List<TokenLogprob>> logprobs(JsonNode choice) {
        if (!choice.has("logprobs")) {
            return Optional.empty();
        }
        List<TokenLogprob> logprobs = new ArrayList<>();
        for (JsonNode token : Json.array(Json.child(choice, "logprobs"), "content")) {
            List<TokenLogprob.Scored> top = new ArrayList<>();
            for (JsonNode other : Json.array(token, "top_logprobs")) {
                top.add(scored(other));
            }
            logprobs.add(new TokenLogprob(scored(token), top));
        }
        return Optional.of(logprobs);
    }

    private static TokenLogprob.Scored scored(JsonNode node) {
        List<Integer> bytes = new ArrayList<>();
        for (JsonNode b : Json.array(node, "bytes")) {
            bytes.add(b.intValue());
        }
        return new TokenLogprob.Scored(Json.text(node, "token"), Json.number(node, "logprob"), bytes);
    }

    public static List<Choice> choices(JsonNode node) {
        List<Choice> choices = new ArrayList<>();
        for (JsonNode choice : Json.array(node, "choices")) {
            choices.add(new Choice(
                    Json.smallInteger(choice, "index"),
                    Json.text(Json.child(choice, "message"), "content"),
                    FinishReason.of(Json.text(choice, "finish_reason")),
                    Json.smallInteger(choice, "completion_tokens"),
                    Json.integer(choice, "seed"),
                    logprobs(choice)));
        }
        return choices;
    }

    public static Usage usage(JsonNode node) {
        JsonNode usage = Json.child(node, "usage");
        return new Usage(
                Json.smallInteger(usage, "prompt_tokens"),
                Json.smallInteger(usage, "completion_tokens"),
                Json.smallInteger(usage, "cached_tokens"));
    }

    public static Timings timings(JsonNode node) {
        JsonNode timings = Json.child(node, "timings");
        return new Timings(
                Json.number(timings, "queue_ms"),
                Json.number(timings, "prompt_ms"),
                Json.number(timings, "predicted_ms"));
    }
}
