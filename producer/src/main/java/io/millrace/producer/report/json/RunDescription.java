package io.millrace.producer.report.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.producer.report.Cost;
import io.millrace.producer.report.Source;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What run.json and the result lines say of a run. Thread-safe. */
final class RunDescription {
    private static final List<String> TOLD = List.of(
            "run", "tool", "jobs", "failed", "samples", "started", "finished", "seconds", "jobs_per_second", "seed");
    private static final List<String> ORIGIN = List.of("quantization", "template", "engine", "model_sha256");

    private RunDescription() {}

    static Source source(String name, JsonNode run) {
        Map<String, String> facts = new LinkedHashMap<>();
        for (String fact : TOLD) {
            if (run.path(fact).isValueNode()) {
                facts.put(fact, run.path(fact).asText());
            }
        }
        for (String fact : ORIGIN) {
            JsonNode value = run.path("origins").path(0).path(fact);
            if (value.isTextual()) {
                facts.put(fact, value.textValue());
            }
        }
        return new Source(
                name,
                Source.Kind.RUN,
                run.path("model").asText(),
                facts,
                run.path("input_sha256").asText(),
                header(run).toString());
    }

    /** As the sampling report of the reference project starts; its date has no zone. */
    private static ObjectNode header(JsonNode run) {
        ObjectNode header = JsonNodeFactory.instance.objectNode();
        header.put("model_name", run.path("model").asText());
        header.put("date", run.path("finished").asText().replace("Z", ""));
        ObjectNode args = header.putObject("args");
        args.put("model_name", run.path("model").asText());
        args.set("seed", run.path("seed"));
        args.put("skip_special_tokens", false);
        args.put("tool", run.path("tool").asText());
        args.put("run", run.path("run").asText());
        args.set("options", run.path("options").deepCopy());
        return header;
    }

    /** None where the result does not say. */
    static Optional<Cost> cost(JsonNode line) {
        JsonNode usage = line.path("response").path("body").path("usage");
        JsonNode timings = line.path("response").path("body").path("timings");
        if (!usage.path("completion_tokens").isNumber()
                || !timings.path("predicted_ms").isNumber()) {
            return Optional.empty();
        }
        return Optional.of(new Cost(
                usage.path("prompt_tokens").longValue(),
                usage.path("prompt_tokens_details").path("cached_tokens").longValue(),
                usage.path("completion_tokens").longValue(),
                timings.path("prompt_ms").doubleValue(),
                timings.path("predicted_ms").doubleValue()));
    }
}
