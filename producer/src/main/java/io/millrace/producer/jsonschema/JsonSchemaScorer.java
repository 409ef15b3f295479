package io.millrace.producer.jsonschema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.millrace.producer.score.Sample;
import io.millrace.producer.score.Score;
import io.millrace.producer.score.Scorer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Whether the answer is JSON of the task's schema (2020-12, unless it says otherwise), which stands in one of its fields.
 * Schemas at other addresses are not fetched.
 *
 * <p>Thread-safe.
 */
public final class JsonSchemaScorer implements Scorer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN = 3;

    private final List<String> fields;
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Map<JsonNode, Schema> schemas = new ConcurrentHashMap<>();

    /** @param fields the first of these that a task has is its schema, as JSON or as JSON in a text */
    public JsonSchemaScorer(List<String> fields) {
        this.fields = List.copyOf(fields);
    }

    @Override
    public Optional<Score> score(Sample sample) {
        Optional<Object> told = fields.stream()
                .filter(sample.fields()::containsKey)
                .map(field -> sample.fields().get(field))
                .findFirst();
        return told.map(schema -> check(sample.text(), schema));
    }

    private Score check(String answer, Object told) {
        JsonNode node;
        try {
            node = told instanceof String text ? JSON.readTree(text) : JSON.valueToTree(told);
        } catch (JsonProcessingException e) {
            return Score.wrong("the task's schema is not JSON");
        }
        try {
            List<Error> errors =
                    schemas.computeIfAbsent(node, registry::getSchema).validate(JsonScorer.parse(answer));
            return errors.isEmpty()
                    ? Score.right()
                    : Score.wrong(errors.stream()
                            .limit(SHOWN)
                            .map(error -> (error.getInstanceLocation() + " " + error.getMessage()).strip())
                            .collect(Collectors.joining("; ")));
        } catch (JsonProcessingException e) {
            return Score.wrong(JsonScorer.fault(e));
        } catch (SchemaException e) {
            return Score.wrong("the task's schema cannot be used: " + e.getMessage());
        }
    }
}
