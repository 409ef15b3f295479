package io.millrace.producer.report.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.producer.files.OutputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads JSON as it stands: numbers keep their digits. Thread-safe. */
final class JsonFile {
    static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build()
            .reader();

    private JsonFile() {}

    /** @param what the file should be, for the message when it is not JSON */
    static JsonNode read(Path file, String what) throws IOException {
        try (BufferedReader text = Files.newBufferedReader(file)) {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new OutputException(file + ": is not " + what + ": line "
                    + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()) + ": " + e.getOriginalMessage());
        } catch (MalformedInputException e) {
            throw new OutputException(file + ": is not " + what + ": its text is not UTF-8");
        }
    }

    /** Takes the lines of a file that hold JSON. */
    interface LineSink {
        void accept(JsonNode line, long number) throws IOException;
    }

    /** Reads a file of JSON lines; one that is not there has none. */
    static void lines(Path file, LineSink sink) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            long number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                sink.accept(parse(file, number, line), number);
            }
        }
    }

    static JsonNode parse(Path file, long number, String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new OutputException(file + ":" + number + ": is not JSON: " + e.getOriginalMessage());
        }
    }
}
