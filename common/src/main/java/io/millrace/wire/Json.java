package io.millrace.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalLong;

/** Reading and writing of one JSON object, with errors that name the field. Thread-safe. */
final class Json {
    static final int SCHEMA_VERSION = 1;

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    static {
        // A prompt may be as long as a record; Jackson's own limit is 20 million characters.
        MAPPER.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(Topics.MAX_RECORD_BYTES)
                        .build());
    }

    private Json() {}

    /** Writes the fields of one object. */
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    static byte[] object(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = MAPPER.getFactory().createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField("v", SCHEMA_VERSION);
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static JsonNode parse(byte[] bytes) {
        JsonNode node;
        try {
            node = MAPPER.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new WireException("not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (node == null || !node.isObject()) {
            throw new WireException("expected a JSON object");
        }
        JsonNode version = node.path("v");
        if (!version.isInt() || version.intValue() != SCHEMA_VERSION) {
            throw new WireException("schema version is " + version + ", this build reads " + SCHEMA_VERSION
                    + ": update Millrace on the older side");
        }
        return node;
    }

    static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isTextual()) {
            throw new WireException(field + " must be text, not " + shown(value));
        }
        return value.textValue();
    }

    static long integer(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new WireException(field + " must be a whole number, not " + shown(value));
        }
        return value.longValue();
    }

    /** Empty where the field is absent. */
    static OptionalLong optionalInteger(JsonNode node, String field) {
        return node.has(field) ? OptionalLong.of(integer(node, field)) : OptionalLong.empty();
    }

    /** The field {@code replay}, 0 where it is absent. */
    static int replay(JsonNode node) {
        return node.has("replay") ? smallInteger(node, "replay") : 0;
    }

    static int smallInteger(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new WireException(field + " must be a whole number of 32 bits, not " + shown(value));
        }
        return value.intValue();
    }

    static double number(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isNumber()) {
            throw new WireException(field + " must be a number, not " + shown(value));
        }
        return value.doubleValue();
    }

    static boolean flag(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isBoolean()) {
            throw new WireException(field + " must be true or false, not " + shown(value));
        }
        return value.booleanValue();
    }

    static JsonNode array(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isArray()) {
            throw new WireException(field + " must be an array, not " + shown(value));
        }
        return value;
    }

    static JsonNode child(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isObject()) {
            throw new WireException(field + " must be an object, not " + shown(value));
        }
        return value;
    }

    private static String shown(JsonNode value) {
        if (value.isMissingNode()) {
            return "missing";
        }
        String text = value.toString();
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }
}
