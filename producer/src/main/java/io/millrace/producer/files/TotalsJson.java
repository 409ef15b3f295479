package io.millrace.producer.files;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.job.FailureKind;
import io.millrace.job.FinishReason;
import io.millrace.producer.ledger.Origin;
import io.millrace.producer.ledger.RunTotals;
import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** A run's totals as fields of the object that is open, alike in the checkpoint and in run.json. Thread-safe. */
final class TotalsJson {

    private TotalsJson() {}

    static void write(JsonGenerator json, RunTotals totals) throws IOException {
        json.writeNumberField("answered", totals.answered());
        json.writeNumberField("failed", totals.failed());
        json.writeNumberField("duplicates_dropped", totals.duplicates());
        json.writeNumberField("samples", totals.samples());
        json.writeObjectFieldStart("finish_reasons");
        for (Map.Entry<FinishReason, Long> reason : totals.finishReasons().entrySet()) {
            json.writeNumberField(reason.getKey().wireName(), reason.getValue());
        }
        json.writeEndObject();
        json.writeObjectFieldStart("failures");
        for (Map.Entry<FailureKind, Long> kind : totals.failures().entrySet()) {
            json.writeNumberField(kind.getKey().name(), kind.getValue());
        }
        json.writeEndObject();
        json.writeObjectFieldStart("usage");
        json.writeNumberField("prompt_tokens", totals.promptTokens());
        json.writeNumberField("completion_tokens", totals.completionTokens());
        json.writeNumberField("total_tokens", totals.promptTokens() + totals.completionTokens());
        json.writeNumberField("cached_tokens", totals.cachedTokens());
        json.writeEndObject();
        json.writeArrayFieldStart("origins");
        for (Origin origin : totals.origins()) {
            json.writeStartObject();
            json.writeStringField("model", origin.model());
            json.writeStringField("model_sha256", origin.modelSha256());
            json.writeStringField("quantization", origin.quantization());
            json.writeStringField("template", origin.template());
            json.writeStringField("engine", origin.engine());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** @throws IllegalArgumentException when a field is missing or wrong */
    static RunTotals read(JsonNode node) {
        Map<FinishReason, Long> reasons = new EnumMap<>(FinishReason.class);
        for (Map.Entry<String, JsonNode> reason :
                node.required("finish_reasons").properties()) {
            reasons.put(FinishReason.of(reason.getKey()), reason.getValue().longValue());
        }
        Map<FailureKind, Long> failures = new EnumMap<>(FailureKind.class);
        for (Map.Entry<String, JsonNode> kind : node.required("failures").properties()) {
            failures.put(FailureKind.valueOf(kind.getKey()), kind.getValue().longValue());
        }
        Set<Origin> origins = new LinkedHashSet<>();
        for (JsonNode origin : node.required("origins")) {
            origins.add(new Origin(
                    origin.required("model").textValue(),
                    origin.required("model_sha256").textValue(),
                    origin.required("quantization").textValue(),
                    origin.required("template").textValue(),
                    origin.required("engine").textValue()));
        }
        JsonNode usage = node.required("usage");
        return new RunTotals(
                node.required("answered").longValue(),
                node.required("failed").longValue(),
                node.required("duplicates_dropped").longValue(),
                usage.required("prompt_tokens").longValue(),
                usage.required("completion_tokens").longValue(),
                usage.required("cached_tokens").longValue(),
                reasons,
                failures,
                origins);
    }
}
