package io.millrace.producer.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.producer.plan.TaskFields;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** The fields of metadata, read by Jackson. Thread-safe. */
public final class MetadataFields implements TaskFields {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public Optional<String> text(String metadata, String field) {
        if (metadata.isEmpty()) {
            return Optional.empty();
        }
        try {
            JsonNode value = JSON.readTree(metadata).path(field);
            return value.isMissingNode() || value.isNull()
                    ? Optional.empty()
                    : Optional.of(value.isTextual() ? value.textValue() : value.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
