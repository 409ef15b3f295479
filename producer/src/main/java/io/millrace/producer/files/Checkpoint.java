package io.millrace.producer.files;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.producer.ledger.LedgerState;
import io.millrace.producer.ledger.RunTotals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the collecting of a run stands: the results up to these offsets are in the files up to these lengths, and no
 * others.
 *
 * <p>Immutable.
 *
 * @param offsets partition of the results topic to the next offset to read
 * @param ledger what the ledger knows of single jobs
 * @param startedMillis when the first of the processes that worked on the run began, since 1970
 * @param activeMillis how long they worked, all together
 */
record Checkpoint(
        String runId,
        Map<Integer, Long> offsets,
        long resultBytes,
        long errorBytes,
        LedgerState ledger,
        RunTotals totals,
        long startedMillis,
        long activeMillis) {
    private static final int VERSION = 2;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    Checkpoint {
        offsets = Map.copyOf(offsets);
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = MAPPER.getFactory().createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField("v", VERSION);
            json.writeStringField("run", runId);
            json.writeNumberField("result_bytes", resultBytes);
            json.writeNumberField("error_bytes", errorBytes);
            json.writeNumberField("started_ms", startedMillis);
            json.writeNumberField("active_ms", activeMillis);
            json.writeObjectFieldStart("totals");
            TotalsJson.write(json, totals);
            json.writeEndObject();
            LedgerJson.write(json, offsets, ledger);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @throws OutputException when the file at this path did not hold a checkpoint of this version */
    static Checkpoint decode(byte[] bytes, Path path) {
        try {
            JsonNode node = MAPPER.readTree(bytes);
            int version = node.required("v").intValue();
            if (version != VERSION) {
                throw new OutputException(path + ": was written by a build that writes version " + version
                        + ", this one reads " + VERSION + "; go on with that build");
            }
            return new Checkpoint(
                    node.required("run").textValue(),
                    LedgerJson.offsets(node),
                    node.required("result_bytes").longValue(),
                    node.required("error_bytes").longValue(),
                    LedgerJson.state(node),
                    TotalsJson.read(node.required("totals")),
                    node.required("started_ms").longValue(),
                    node.required("active_ms").longValue());
        } catch (IOException | IllegalArgumentException e) {
            throw new OutputException(
                    path + ": is damaged (" + firstLine(e) + "); remove the folder, then collect the run again", e);
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
