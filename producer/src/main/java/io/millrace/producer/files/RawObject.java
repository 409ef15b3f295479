package io.millrace.producer.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A JSON object split into its fields, whose values stay bytes until somebody asks: what a line says besides the prompt
 * is handed on as it was written.
 *
 * <p>Confined to the reading thread.
 */
public final class RawObject {
    private static final JsonFactory STRICT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build();
    /** For values that went through the strict one already. */
    private static final JsonFactory AGAIN = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build();

    private byte[] bytes = new byte[0];
    private String[] names = new String[16];
    private int[] starts = new int[16];
    private int[] ends = new int[16];
    private JsonToken[] tokens = new JsonToken[16];
    private boolean[] used = new boolean[16];
    private int size;

    /** Reads one object and nothing else from the bytes, which must be UTF-8 and stay as they are while it is used. */
    public void read(byte[] line, int start, int length) throws LineException {
        bytes = line;
        size = 0;
        try (JsonParser parser = STRICT.createParser(line, start, length)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                add(name, token, start + (int) parser.currentTokenLocation().getByteOffset());
                parser.skipChildren();
                parser.finishToken();
                ends[size - 1] = start + (int) parser.currentLocation().getByteOffset();
            }
            if (parser.nextToken() != null) {
                throw new LineException("", "has more text after the object; write one object a line");
            }
        } catch (JsonProcessingException e) {
            throw notJson(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What Jackson says of a line, without its own naming of the place. */
    public static LineException notJson(JsonProcessingException e) {
        long column = e.getLocation() == null ? 0 : e.getLocation().getByteOffset() + 1;
        String reason = e.getOriginalMessage()
                .replaceFirst(" \\(start marker at .*", "")
                .replaceAll("(, from|: enable) `[^`]*`( to allow)?", "")
                .replaceAll("\\s+", " ");
        return new LineException(
                "",
                "is not JSON" + (column > 0 ? " at byte " + column : "") + ": "
                        + (reason.length() > 160 ? reason.substring(0, 160) + "..." : reason)
                        + "; write one JSON value a line");
    }

    static JsonFactory json() {
        return STRICT;
    }

    private void add(String name, JsonToken token, int start) {
        if (size == names.length) {
            names = Arrays.copyOf(names, size * 2);
            starts = Arrays.copyOf(starts, size * 2);
            ends = Arrays.copyOf(ends, size * 2);
            tokens = Arrays.copyOf(tokens, size * 2);
            used = Arrays.copyOf(used, size * 2);
        }
        names[size] = name;
        tokens[size] = token;
        starts[size] = start;
        used[size] = false;
        size++;
    }

    public int size() {
        return size;
    }

    public String name(int field) {
        return names[field];
    }

    public JsonToken token(int field) {
        return tokens[field];
    }

    /** The index of a field, or -1 where there is none or it is null, which means the same. */
    public int find(String name) {
        for (int i = 0; i < size; i++) {
            if (names[i].equals(name)) {
                return tokens[i] == JsonToken.VALUE_NULL ? -1 : i;
            }
        }
        return -1;
    }

    public boolean has(String name) {
        return find(name) >= 0;
    }

    /** Leaves the field out of {@link #appendUnused}. */
    public void use(int field) {
        used[field] = true;
    }

    /** Reads the object that is a field's value in place of this one. */
    void descend(int field) throws LineException {
        read(bytes, starts[field], ends[field] - starts[field]);
    }

    /** A parser that stands on the first token of the field's value; the caller closes it. */
    public JsonParser value(int field) throws IOException {
        JsonParser parser = AGAIN.createParser(bytes, starts[field], ends[field] - starts[field]);
        parser.nextToken();
        return parser;
    }

    /** The value as it was written, on one line. */
    public String raw(int field) {
        return raw(field, 0, ends[field] - starts[field]);
    }

    /** A part of the value as it was written, by bytes from the value's start. */
    String raw(int field, long from, long to) {
        String text = new String(bytes, starts[field] + (int) from, (int) (to - from), StandardCharsets.UTF_8);
        return text.indexOf('\r') < 0 ? text : text.replace('\r', ' ');
    }

    /** The text of a field that must have one. */
    public String text(int field) throws IOException, LineException {
        int start = starts[field] + 1;
        int end = ends[field] - 1;
        if (tokens[field] == JsonToken.VALUE_STRING && !hasEscape(start, end)) {
            return new String(bytes, start, end - start, StandardCharsets.UTF_8);
        }
        try (JsonParser parser = value(field)) {
            return Values.text(parser, names[field]);
        }
    }

    private boolean hasEscape(int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    /** The value as text for an error message. */
    public String shown(int field) {
        String text = raw(field);
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }

    /** Adds the fields that nobody used to a JSON object's inside. */
    public void appendUnused(StringBuilder json) throws LineException {
        for (int i = 0; i < size; i++) {
            if (!used[i]) {
                append(json, names[i], raw(i));
            }
        }
    }

    /** Adds a field, whose value is JSON, to a JSON object's inside. */
    public static void append(StringBuilder json, String name, String value) throws LineException {
        Texts.requireWhole(name, "");
        json.append(json.length() > 0 ? ",\"" : "\"")
                .append(JsonStringEncoder.getInstance().quoteAsString(name))
                .append("\":")
                .append(value);
    }
}
