package io.millrace.producer.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.producer.files.OutputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What run.json says of a run, for whoever asks where a dataset comes from.
 *
 * <p>Immutable; nobody changes the summary.
 */
record RunCard(JsonNode summary) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    static RunCard read(Path run) throws IOException {
        Path file = run.resolve("run.json");
        if (!Files.exists(file)) {
            throw new OutputException(run
                    + (Files.isDirectory(run)
                            ? ": holds no run.json, so no complete run;"
                                    + " let the run or collect command finish first"
                            : ": no such folder; name that of a run"));
        }
        JsonNode summary = MAPPER.readTree(file.toFile());
        if (!summary.path("run").isTextual() || !summary.path("model").isTextual()) {
            throw new OutputException(file + ": is not a run's summary of Millrace; name the folder of a run");
        }
        return new RunCard(summary);
    }

    String runId() {
        return summary.path("run").asText();
    }

    String model() {
        return summary.path("model").asText();
    }

    /** The run's options of these names as {@code key=value,...}; empty where it was collected without them. */
    String sampling(List<String> names) {
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            JsonNode value = summary.path("options").path(name);
            if (!value.isMissingNode()) {
                text.append(text.length() == 0 ? "" : ",")
                        .append(name)
                        .append('=')
                        .append(value.asText());
            }
        }
        return text.toString();
    }
}
