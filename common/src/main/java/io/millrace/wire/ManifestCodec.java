package io.millrace.wire;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.job.JobModels;
import io.millrace.job.RunManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Records of the compacted topic of runs, schema version 1.
 *
 * <p>Thread-safe.
 */
public final class ManifestCodec {

    private ManifestCodec() {}

    public static byte[] encode(RunManifest manifest) {
        return Json.object(json -> {
            json.writeStringField("run", manifest.runId());
            json.writeStringField("state", manifest.state().name());
            json.writeNumberField("jobs", manifest.jobs());
            List<String> models = manifest.models().inTurn();
            json.writeStringField("model", models.get(0));
            if (models.size() > 1) {
                json.writeArrayFieldStart("models");
                for (String model : models) {
                    json.writeString(model);
                }
                json.writeEndArray();
            }
            json.writeStringField("input_sha256", manifest.inputSha256());
            json.writeNumberField("seed", manifest.seed());
            json.writeObjectFieldStart("result_offsets");
            for (Map.Entry<Integer, Long> offset : new TreeMap<>(manifest.resultOffsets()).entrySet()) {
                json.writeNumberField(offset.getKey().toString(), offset.getValue());
            }
            json.writeEndObject();
            json.writeNumberField("created_ms", manifest.createdEpochMillis());
            json.writeNumberField("replays", manifest.replays());
            if (manifest.deadlineEpochMillis().isPresent()) {
                json.writeNumberField(
                        "deadline_ms", manifest.deadlineEpochMillis().getAsLong());
            }
        });
    }

    /**
     * Reads a manifest.
     *
     * @throws WireException when the bytes are no manifest of this schema
     */
    public static RunManifest decode(byte[] bytes) {
        JsonNode node = Json.parse(bytes);
        Map<Integer, Long> offsets = new TreeMap<>();
        JsonNode offsetNode = Json.child(node, "result_offsets");
        for (Map.Entry<String, JsonNode> entry : offsetNode.properties()) {
            try {
                offsets.put(Integer.valueOf(entry.getKey()), Json.integer(offsetNode, entry.getKey()));
            } catch (NumberFormatException e) {
                throw new WireException("result_offsets must map partitions to offsets, not " + entry, e);
            }
        }
        String state = Json.text(node, "state");
        try {
            return new RunManifest(
                    Json.text(node, "run"),
                    RunManifest.State.valueOf(state),
                    Json.integer(node, "jobs"),
                    models(node),
                    Json.text(node, "input_sha256"),
                    Json.integer(node, "seed"),
                    offsets,
                    Json.integer(node, "created_ms"),
                    Json.optionalInteger(node, "replays").orElse(0),
                    Json.optionalInteger(node, "deadline_ms"));
        } catch (IllegalArgumentException e) {
            throw new WireException(
                    "state '" + state + "' or another field of the manifest is wrong: " + e.getMessage(), e);
        }
    }

    private static JobModels models(JsonNode node) {
        if (!node.has("models")) {
            return JobModels.of(Json.text(node, "model"));
        }
        List<String> models = new ArrayList<>();
        node.get("models").forEach(model -> models.add(model.asText()));
        return new JobModels(models);
    }
}
