package io.millrace.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.Message;
import io.millrace.job.SamplingParams;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Job records, schema version 1: the field names of OpenAI's chat completions ({@code messages}, {@code max_tokens},
 * {@code temperature}, {@code top_p}, {@code n}, {@code seed}, {@code stop} ...) and llama.cpp's where OpenAI has none
 * ({@code top_k}, {@code min_p}, {@code repeat_penalty}, {@code repeat_last_n}, {@code ignore_eos}); beside them {@code
 * v}, {@code id}, {@code custom_id}, {@code run_seed} and {@code metadata}, the latter JSON inside a string so that it
 * comes back to the byte; {@code replay} and {@code deadline_ms} where the job has them. Every parameter is written, so that a default may change between versions.
 *
 * <p>Thread-safe.
 */
public final class JobCodec {

    private JobCodec() {}

    public static byte[] encode(Job job) {
        return Json.object(json -> {
            json.writeStringField("id", job.id().toString());
            json.writeStringField("custom_id", job.customId());
            json.writeNumberField("run_seed", job.runSeed());
            json.writeArrayFieldStart("messages");
            for (Message message : job.messages()) {
                json.writeStartObject();
                json.writeStringField("role", message.role());
                json.writeStringField("content", message.content());
                json.writeEndObject();
            }
            json.writeEndArray();
            writeParams(json, job.params());
            json.writeStringField("metadata", job.metadata());
            if (job.replay() > 0) {
                json.writeNumberField("replay", job.replay());
            }
            if (job.deadlineEpochMillis().isPresent()) {
                json.writeNumberField("deadline_ms", job.deadlineEpochMillis().getAsLong());
            }
        });
    }

    /**
     * Reads a job record.
     *
     * @throws WireException when the bytes are no job of this schema
     * @throws io.millrace.job.InvalidFieldException when a value is out of its range
     */
    public static Job decode(byte[] bytes) {
        JsonNode node = Json.parse(bytes);
        List<Message> messages = new ArrayList<>();
        for (JsonNode message : Json.array(node, "messages")) {
            messages.add(new Message(Json.text(message, "role"), Json.text(message, "content")));
        }
        return new Job(
                JobId.parse(Json.text(node, "id")),
                Json.text(node, "custom_id"),
                messages,
                readParams(node),
                Json.integer(node, "run_seed"),
                Json.text(node, "metadata"),
                Json.replay(node),
                Json.optionalInteger(node, "deadline_ms"));
    }

    private static void writeParams(JsonGenerator json, SamplingParams params) throws IOException {
        json.writeNumberField("max_tokens", params.maxTokens());
        json.writeNumberField("temperature", params.temperature());
        json.writeNumberField("top_k", params.topK());
        json.writeNumberField("top_p", params.topP());
        json.writeNumberField("min_p", params.minP());
        json.writeNumberField("repeat_penalty", params.repeatPenalty());
        json.writeNumberField("repeat_last_n", params.repeatLastN());
        json.writeNumberField("presence_penalty", params.presencePenalty());
        json.writeNumberField("frequency_penalty", params.frequencyPenalty());
        json.writeObjectFieldStart("logit_bias");
        for (Map.Entry<Integer, Double> bias : params.logitBias().entrySet()) {
            json.writeNumberField(bias.getKey().toString(), bias.getValue());
        }
        json.writeEndObject();
        if (params.seed().isPresent()) {
            json.writeNumberField("seed", params.seed().getAsLong());
        }
        json.writeArrayFieldStart("stop");
        for (String stop : params.stop()) {
            json.writeString(stop);
        }
        json.writeEndArray();
        json.writeNumberField("n", params.n());
        json.writeBooleanField("ignore_eos", params.ignoreEos());
        AnswerOptionsCodec.write(json, params.answer());
    }

    private static SamplingParams readParams(JsonNode node) {
        Map<Integer, Double> bias = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : Json.child(node, "logit_bias").properties()) {
            if (!entry.getValue().isNumber()) {
                throw new WireException("logit_bias must map token ids to numbers, not to " + entry.getValue());
            }
            try {
                bias.put(Integer.valueOf(entry.getKey()), entry.getValue().doubleValue());
            } catch (NumberFormatException e) {
                throw new WireException("logit_bias must map token ids to numbers, not '" + entry.getKey() + "'", e);
            }
        }
        List<String> stop = new ArrayList<>();
        for (JsonNode text : Json.array(node, "stop")) {
            if (!text.isTextual()) {
                throw new WireException("stop must hold texts, not " + text);
            }
            stop.add(text.textValue());
        }
        return new SamplingParams(
                Json.smallInteger(node, "max_tokens"),
                Json.number(node, "temperature"),
                Json.smallInteger(node, "top_k"),
                Json.number(node, "top_p"),
                Json.number(node, "min_p"),
                Json.number(node, "repeat_penalty"),
                Json.smallInteger(node, "repeat_last_n"),
                Json.number(node, "presence_penalty"),
                Json.number(node, "frequency_penalty"),
                bias,
                Json.optionalInteger(node, "seed"),
                stop,
                Json.smallInteger(node, "n"),
                Json.flag(node, "ignore_eos"),
                AnswerOptionsCodec.read(node));
    }
}
