package io.millrace.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.job.FailureKind;
import io.millrace.job.JobId;
import io.millrace.job.JobResult;
import io.millrace.job.Provenance;
import java.io.IOException;

/**
 * Result records, schema version 1. An answered job has {@code choices}, {@code usage} and {@code timings}; a failed one
 * has {@code error} with {@code code}, a {@link FailureKind}'s name, and {@code message}. Both have {@code v}, {@code
 * id}, {@code custom_id}, {@code created}, {@code provenance} and {@code metadata}.
 *
 * <p>Thread-safe.
 */
public final class ResultCodec {

    private ResultCodec() {}

    public static byte[] encode(JobResult result) {
        return Json.object(json -> {
            json.writeStringField("id", result.id().toString());
            json.writeStringField("custom_id", result.customId());
            json.writeNumberField("created", result.createdEpochSeconds());
            if (result instanceof JobResult.Completed completed) {
                AnswerCodec.write(json, completed.choices(), completed.usage(), completed.timings());
            } else if (result instanceof JobResult.Failed failed) {
                json.writeObjectFieldStart("error");
                json.writeStringField("code", failed.kind().name());
                json.writeStringField("message", failed.message());
                json.writeEndObject();
            }
            writeProvenance(json, result.provenance());
            json.writeStringField("metadata", result.metadata());
        });
    }

    /**
     * Reads a result record.
     *
     * @throws WireException when the bytes are no result of this schema
     */
    public static JobResult decode(byte[] bytes) {
        JsonNode node = Json.parse(bytes);
        JobId id = JobId.parse(Json.text(node, "id"));
        String customId = Json.text(node, "custom_id");
        long created = Json.integer(node, "created");
        Provenance provenance = readProvenance(Json.child(node, "provenance"));
        String metadata = Json.text(node, "metadata");
        if (node.has("error")) {
            JsonNode error = Json.child(node, "error");
            return new JobResult.Failed(
                    id, customId, kind(error), Json.text(error, "message"), provenance, created, metadata);
        }
        return new JobResult.Completed(
                id,
                customId,
                AnswerCodec.choices(node),
                AnswerCodec.usage(node),
                AnswerCodec.timings(node),
                provenance,
                created,
                metadata);
    }

    private static FailureKind kind(JsonNode error) {
        String code = Json.text(error, "code");
        try {
            return FailureKind.valueOf(code);
        } catch (IllegalArgumentException e) {
            throw new WireException("error code '" + code + "' is not known to this build", e);
        }
    }

    private static void writeProvenance(JsonGenerator json, Provenance provenance) throws IOException {
        json.writeObjectFieldStart("provenance");
        json.writeStringField("model", provenance.model());
        json.writeStringField("model_sha256", provenance.modelSha256());
        json.writeStringField("quantization", provenance.quantization());
        json.writeStringField("template", provenance.template());
        json.writeStringField("engine", provenance.engine());
        json.writeStringField("worker", provenance.worker());
        json.writeNumberField("attempt", provenance.attempt());
        if (provenance.replay() > 0) {
            json.writeNumberField("replay", provenance.replay());
        }
        json.writeEndObject();
    }

    private static Provenance readProvenance(JsonNode node) {
        return new Provenance(
                Json.text(node, "model"),
                Json.text(node, "model_sha256"),
                Json.text(node, "quantization"),
                Json.text(node, "template"),
                Json.text(node, "engine"),
                Json.text(node, "worker"),
                Json.smallInteger(node, "attempt"),
                Json.replay(node));
    }
}
