package io.millrace.producer.dataset;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.millrace.producer.files.LineException;
import io.millrace.producer.files.RawObject;
import java.io.IOException;
import java.io.StringWriter;

/** Small pieces of JSON. Thread-safe. */
final class JsonText {
    private static final JsonFactory JSON = new JsonFactory();
    private static final JsonFactory LENIENT = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private JsonText() {}

    /** The text in quotes. */
    static String of(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    /** The same value without line ends between its parts. */
    static String oneLine(String value, String field) throws LineException, IOException {
        try (JsonParser parser = JSON.createParser(value)) {
            return copy(parser);
        } catch (JsonProcessingException e) {
            throw new LineException(
                    field, "must hold JSON, and it " + RawObject.notJson(e).getMessage());
        }
    }

    /** The same value with null for what JSON has no number for: NaN and the infinities. */
    static String finite(byte[] bytes, int start, int length) throws IOException {
        try (JsonParser parser = LENIENT.createParser(bytes, start, length)) {
            return copy(parser);
        }
    }

    private static String copy(JsonParser parser) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            int depth = 0;
            do {
                JsonToken token = parser.nextToken();
                if (token == JsonToken.VALUE_NUMBER_FLOAT && parser.isNaN()) {
                    json.writeNull();
                } else {
                    json.copyCurrentEventExact(parser);
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            } while (depth > 0);
        }
        return text.toString();
    }
}
