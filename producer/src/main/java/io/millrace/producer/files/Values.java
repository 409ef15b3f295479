package io.millrace.producer.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** The value on which a parser stands, as the type that a field must have. Thread-safe. */
final class Values {

    private Values() {}

    static String text(JsonParser parser, String field) throws IOException, LineException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new LineException(field, "must be a text, not " + shown(parser));
        }
        return Texts.requireWhole(parser.getText(), field);
    }

    static int smallInteger(JsonParser parser, String field) throws IOException, LineException {
        long value = integer(parser, field);
        if (value != (int) value) {
            throw new LineException(field, "must be a whole number of 32 bits, not " + value);
        }
        return (int) value;
    }

    static long integer(JsonParser parser, String field) throws IOException, LineException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw new LineException(field, "must be a whole number of 64 bits, not " + shown(parser));
        }
        return parser.getLongValue();
    }

    static double number(JsonParser parser, String field) throws IOException, LineException {
        if (!parser.currentToken().isNumeric()) {
            throw new LineException(field, "must be a number, not " + shown(parser));
        }
        return parser.getDoubleValue();
    }

    static boolean flag(JsonParser parser, String field) throws IOException, LineException {
        if (!parser.currentToken().isBoolean()) {
            throw new LineException(field, "must be true or false, not " + shown(parser));
        }
        return parser.getBooleanValue();
    }

    /** Whether the value is null, false, or an array or object with nothing in it; the parser stands on its end then. */
    static boolean skipIfEmpty(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NULL, VALUE_FALSE -> true;
            case START_ARRAY -> parser.nextToken() == JsonToken.END_ARRAY;
            case START_OBJECT -> parser.nextToken() == JsonToken.END_OBJECT;
            default -> false;
        };
    }

    /** For an error message. */
    static String shown(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_ARRAY -> "an array";
            case START_OBJECT -> "an object";
            case VALUE_STRING -> "the text '" + cut(parser.getText()) + "'";
            default -> cut(parser.getText());
        };
    }

    private static String cut(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }
}
