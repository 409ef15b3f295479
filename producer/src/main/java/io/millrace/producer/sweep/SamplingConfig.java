package io.millrace.producer.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.producer.files.InputException;
import io.millrace.producer.plan.Sweep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A sampling configuration of Open-Assistant's {@code sampling_report.py}: {@code {default, configurations: [{name,
 * generate_args, pre_text, system_profile}]}}. What a configuration does not say has the value that Hugging Face's
 * {@code generate} gives it, not Millrace's, so that a point samples as the reference project did. Configurations whose
 * method does not exist here are left out with a note.
 *
 * <p>Confined to the calling thread.
 */
final class SamplingConfig {
    /** Of transformers' GenerationConfig; its repetition penalty looks at everything. */
    private static final Map<String, JsonNode> GENERATE_DEFAULTS = Map.of(
            "temperature", DoubleNode.valueOf(1.0),
            "top_k", IntNode.valueOf(50),
            "top_p", DoubleNode.valueOf(1.0),
            "min_p", DoubleNode.valueOf(0.0),
            "repeat_penalty", DoubleNode.valueOf(1.0),
            "repeat_last_n", IntNode.valueOf(-1));

    private final String file;
    private final JsonNode root;
    private final List<String> notes = new ArrayList<>();

    SamplingConfig(String file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    SweepConfig config() {
        PointMaker maker = new PointMaker(file, Map.of());
        JsonNode shared = root.path("default");
        JsonNode configurations = root.path("configurations");
        for (int i = 0; i < configurations.size(); i++) {
            JsonNode own = configurations.get(i);
            String at = "configurations[" + i + "]";
            String name = own.path("name").asText();
            if (name.isEmpty()) {
                throw new InputException(file + ": " + at + ".name: is missing; every configuration has one");
            }
            Map<String, JsonNode> arguments = new LinkedHashMap<>();
            shared.path("generate_args").properties().forEach(one -> arguments.put(one.getKey(), one.getValue()));
            own.path("generate_args").properties().forEach(one -> arguments.put(one.getKey(), one.getValue()));
            String missing = unsupported(arguments);
            if (!missing.isEmpty()) {
                notes.add(file + ": " + name + " is left out: " + missing + " does not exist here");
                continue;
            }
            Map<String, Choice> point = new LinkedHashMap<>();
            params(at, name, arguments).forEach((field, value) -> point.put(field, Choice.of(value, 1)));
            String system = system(shared, own);
            point.put("system", Choice.of(TextNode.valueOf(system.isEmpty() ? "none" : system), 1));
            maker.add(at, name, point);
        }
        if (maker.made().isEmpty()) {
            throw new InputException(file + ": configurations: none of them can be run here: " + notes);
        }
        return new SweepConfig(new Sweep(maker.made()), List.of(), notes);
    }

    private static String unsupported(Map<String, JsonNode> arguments) {
        if (arguments.getOrDefault("num_beams", IntNode.valueOf(1)).asInt() > 1) {
            return "beam search (num_beams)";
        }
        if (arguments.getOrDefault("typical_p", IntNode.valueOf(1)).asDouble() < 1) {
            return "typical sampling (typical_p)";
        }
        return arguments.getOrDefault("penalty_alpha", IntNode.valueOf(0)).asDouble() > 0
                ? "contrastive search (penalty_alpha)"
                : "";
    }

    private Map<String, JsonNode> params(String at, String name, Map<String, JsonNode> arguments) {
        Map<String, JsonNode> params = new LinkedHashMap<>(GENERATE_DEFAULTS);
        boolean sampled = arguments.getOrDefault("do_sample", BooleanNode.FALSE).asBoolean();
        arguments.forEach((argument, value) -> {
            switch (argument) {
                case "max_new_tokens" -> params.put("max_tokens", value);
                case "repetition_penalty" -> params.put("repeat_penalty", value);
                case "temperature", "top_k", "top_p" -> params.put(argument, value);
                case "min_new_tokens" -> {
                    if (value.asInt() > 1) {
                        notes.add(file + ": " + name + ": min_new_tokens " + value + " is not kept to; an answer may"
                                + " be shorter");
                    }
                }
                case "do_sample", "num_beams", "typical_p", "penalty_alpha" -> {}
                default ->
                    throw new InputException(file + ": " + at + ".generate_args." + argument
                            + ": is not known; take it out or say it by its name here, in a sweep of points");
            }
        });
        if (!sampled) {
            params.put("temperature", IntNode.valueOf(0));
            params.put("n", IntNode.valueOf(1));
        }
        return params;
    }

    /** The text before the chat, with the profile's values in front as the reference project wrote them. */
    private static String system(JsonNode shared, JsonNode own) {
        JsonNode profile = own.has("system_profile") ? own.path("system_profile") : shared.path("system_profile");
        String text = own.path("pre_text").asText(shared.path("pre_text").asText());
        StringBuilder lines = new StringBuilder();
        profile.properties()
                .forEach(one -> lines.append(one.getKey())
                        .append(": ")
                        .append(one.getValue().asText())
                        .append('\n'));
        return lines.append(text).toString().strip();
    }
}
