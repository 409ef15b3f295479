package io.millrace.worker.llama;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what llama.cpp's converter would pass over in a schema in silence: an answer could be against it. What only
 * describes ({@code title}, {@code format} of a kind that is not known) passes.
 *
 * <p>Immutable.
 */
final class SchemaKeywords {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> PASSED_OVER = Set.of(
            "uniqueItems",
            "multipleOf",
            "not",
            "if",
            "contains",
            "patternProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "dependentRequired",
            "dependentSchemas",
            "dependencies",
            "unevaluatedProperties",
            "unevaluatedItems",
            "$dynamicRef");
    private static final Set<String> BOUNDS = Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");
    private static final Set<String> MAPS_OF_SCHEMAS = Set.of("properties", "$defs", "definitions");
    private static final Set<String> SCHEMAS =
            Set.of("items", "prefixItems", "additionalProperties", "anyOf", "oneOf", "allOf");

    private SchemaKeywords() {}

    /** The first keyword that answers would not be held to, in words, if there is one. Text that is not JSON passes. */
    static Optional<String> passedOver(String schema) {
        try {
            return look(JSON.readTree(schema), "#");
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> look(JsonNode node, String place) {
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                Optional<String> found = look(node.get(i), place + "/" + i);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        if (!node.isObject()) {
            return Optional.empty();
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            Optional<String> found = lookAt(node, field.getKey(), field.getValue(), place);
            if (found.isPresent()) {
                return found;
            }
        }
        return requiredElsewhere(node, place);
    }

    private static Optional<String> lookAt(JsonNode node, String name, JsonNode value, String place) {
        if (PASSED_OVER.contains(name) && !value.equals(JSON.getNodeFactory().booleanNode(false))) {
            return Optional.of(name + " at " + place);
        }
        if (BOUNDS.contains(name) && !node.path("type").asText().equals("integer")) {
            return Optional.of(name + " at " + place + ", as bounds hold with \"type\": \"integer\" only");
        }
        if (MAPS_OF_SCHEMAS.contains(name)) {
            for (Map.Entry<String, JsonNode> child : value.properties()) {
                Optional<String> found = look(child.getValue(), place + "/" + name + "/" + child.getKey());
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return SCHEMAS.contains(name) ? look(value, place + "/" + name) : Optional.empty();
    }

    /** A field that must be there and of which the schema says nothing. */
    private static Optional<String> requiredElsewhere(JsonNode node, String place) {
        Set<String> known = new HashSet<>();
        node.path("properties").fieldNames().forEachRemaining(known::add);
        for (JsonNode name : node.has("allOf") ? List.<JsonNode>of() : node.path("required")) {
            if (!known.contains(name.asText())) {
                return Optional.of(
                        "required at " + place + ", which names " + name + " that is not among its properties");
            }
        }
        return Optional.empty();
    }
}
