package io.millrace.producer.files;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.producer.ledger.LedgerState;
import io.millrace.producer.ledger.RunTotals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What run.json says of a complete run.
 *
 * <p>Immutable.
 *
 * @param seconds how long the run was worked on, pauses between processes left out
 * @param offsets partition of the results topic to the offset where the result of a later replay would come
 * @param ledger what the ledger knows of single jobs
 */
public record RunSummary(
        RunFacts facts,
        RunTotals totals,
        Instant started,
        Instant finished,
        double seconds,
        Map<Integer, Long> offsets,
        LedgerState ledger) {
    private static final String COMPLETED = "completed";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    public RunSummary {
        Objects.requireNonNull(facts, "facts");
        Objects.requireNonNull(totals, "totals");
        Objects.requireNonNull(started, "started");
        Objects.requireNonNull(finished, "finished");
        Objects.requireNonNull(ledger, "ledger");
        offsets = Map.copyOf(offsets);
    }

    /** How many replays of jobs of the run have their result in it. */
    public long replays() {
        return ledger.replays().values().stream().mapToLong(Integer::longValue).sum();
    }

    /** 0 where no time passed. */
    public double jobsPerSecond() {
        return seconds > 0 ? Math.round(totals.jobs() * 100 / seconds) / 100.0 : 0;
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = MAPPER.getFactory().createGenerator(bytes)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            json.writeStartObject();
            json.writeStringField("run", facts.runId());
            json.writeStringField("state", COMPLETED);
            json.writeStringField("tool", facts.tool());
            json.writeStringField("model", facts.model());
            json.writeNumberField("jobs", totals.jobs());
            TotalsJson.write(json, totals);
            json.writeStringField("started", started.toString());
            json.writeStringField("finished", finished.toString());
            json.writeNumberField("seconds", seconds);
            json.writeNumberField("jobs_per_second", jobsPerSecond());
            json.writeStringField("input_sha256", facts.inputSha256());
            json.writeNumberField("seed", facts.seed());
            json.writeObjectFieldStart("options");
            for (Map.Entry<String, String> option : new TreeMap<>(facts.options()).entrySet()) {
                json.writeStringField(option.getKey(), option.getValue());
            }
            json.writeEndObject();
            json.writeObjectFieldStart("collected");
            LedgerJson.write(json, offsets, ledger);
            json.writeEndObject();
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @throws OutputException when the file at this path did not hold a run's summary */
    static RunSummary decode(byte[] bytes, Path path) {
        try {
            JsonNode node = MAPPER.readTree(bytes);
            Map<String, String> options = new TreeMap<>();
            for (Map.Entry<String, JsonNode> option : node.required("options").properties()) {
                options.put(option.getKey(), option.getValue().textValue());
            }
            RunFacts facts = new RunFacts(
                    node.required("run").textValue(),
                    node.required("tool").textValue(),
                    node.required("model").textValue(),
                    node.required("input_sha256").textValue(),
                    node.required("seed").longValue(),
                    options);
            return new RunSummary(
                    facts,
                    TotalsJson.read(node),
                    Instant.parse(node.required("started").textValue()),
                    Instant.parse(node.required("finished").textValue()),
                    node.required("seconds").doubleValue(),
                    LedgerJson.offsets(node.required("collected")),
                    LedgerJson.state(node.required("collected")));
        } catch (IOException | RuntimeException e) {
            throw new OutputException(path + ": is not a run's summary of Millrace; choose another folder by -o", e);
        }
    }
}
