package io.millrace.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.job.AnswerOptions;
import io.millrace.job.OutputFormat;
import java.io.IOException;
import java.util.OptionalInt;

/**
 * What a job asks of its answers, as fields of the job: {@code response_format} as OpenAI has it but for the schema, which
 * is JSON inside a string so that its order stays, {@code grammar}, {@code logprobs} with {@code top_logprobs}, {@code
 * prefill}, {@code loop_stop} and {@code lora}. What is not asked for is not written.
 *
 * <p>Thread-safe.
 */
final class AnswerOptionsCodec {

    private AnswerOptionsCodec() {}

    static void write(JsonGenerator json, AnswerOptions answer) throws IOException {
        if (answer.format() instanceof OutputFormat.Grammar grammar) {
            json.writeStringField("grammar", grammar.gbnf());
        } else if (answer.constrained()) {
            json.writeObjectFieldStart("response_format");
            if (answer.format() instanceof OutputFormat.JsonSchema schema) {
                json.writeStringField("type", "json_schema");
                json.writeStringField("schema", schema.schema());
            } else {
                json.writeStringField("type", "json_object");
            }
            json.writeEndObject();
        }
        if (answer.topLogprobs().isPresent()) {
            json.writeBooleanField("logprobs", true);
            json.writeNumberField("top_logprobs", answer.topLogprobs().getAsInt());
        }
        if (!answer.prefill().isEmpty()) {
            json.writeStringField("prefill", answer.prefill());
        }
        if (answer.loopStop() != 0) {
            json.writeNumberField("loop_stop", answer.loopStop());
        }
        if (!answer.lora().isEmpty()) {
            json.writeStringField("lora", answer.lora());
        }
    }

    static AnswerOptions read(JsonNode node) {
        OptionalInt topLogprobs = node.has("top_logprobs")
                ? OptionalInt.of(Json.smallInteger(node, "top_logprobs"))
                : OptionalInt.empty();
        AnswerOptions answer = new AnswerOptions(
                format(node),
                topLogprobs,
                node.has("prefill") ? Json.text(node, "prefill") : "",
                node.has("loop_stop") ? Json.smallInteger(node, "loop_stop") : 0,
                node.has("lora") ? Json.text(node, "lora") : "");
        return answer.equals(AnswerOptions.NONE) ? AnswerOptions.NONE : answer;
    }

    private static OutputFormat format(JsonNode node) {
        if (node.has("grammar")) {
            return new OutputFormat.Grammar(Json.text(node, "grammar"));
        }
        if (!node.has("response_format")) {
            return OutputFormat.TEXT;
        }
        JsonNode format = Json.child(node, "response_format");
        String type = Json.text(format, "type");
        return switch (type) {
            case "json_object" -> new OutputFormat.JsonObject();
            case "json_schema" -> new OutputFormat.JsonSchema(Json.text(format, "schema"));
            default -> throw new WireException("response_format of type '" + type + "' is not known to this build");
        };
    }
}
