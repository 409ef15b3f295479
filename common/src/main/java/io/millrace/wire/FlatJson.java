package io.millrace.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.Map;

/** Texts and numbers under their names as one JSON object, for programs that read what a command prints. Thread-safe. */
public final class FlatJson {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private FlatJson() {}

    /** The object on several lines, in the map's order. */
    public static String of(Map<String, ?> values) {
        try {
            return MAPPER.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("only texts and numbers can be written: " + values, e);
        }
    }
}
