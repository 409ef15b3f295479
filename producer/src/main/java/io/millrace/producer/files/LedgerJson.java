package io.millrace.producer.files;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.job.FailureKind;
import io.millrace.producer.ledger.LedgerState;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the collecting of a run stands, as fields of the object that is open: the next offsets to read and what the
 * ledger knows of single jobs; alike in the checkpoint and in run.json. Thread-safe.
 */
final class LedgerJson {

    private LedgerJson() {}

    static void write(JsonGenerator json, Map<Integer, Long> offsets, LedgerState state) throws IOException {
        json.writeObjectFieldStart("offsets");
        for (Map.Entry<Integer, Long> offset : new TreeMap<>(offsets).entrySet()) {
            json.writeNumberField(offset.getKey().toString(), offset.getValue());
        }
        json.writeEndObject();
        json.writeStringField("seen", state.seen());
        json.writeObjectFieldStart("failed");
        for (Map.Entry<FailureKind, String> kind : new TreeMap<>(state.failed()).entrySet()) {
            json.writeStringField(kind.getKey().name(), kind.getValue());
        }
        json.writeEndObject();
        json.writeObjectFieldStart("replays");
        for (Map.Entry<Long, Integer> replay : new TreeMap<>(state.replays()).entrySet()) {
            json.writeNumberField(replay.getKey().toString(), replay.getValue());
        }
        json.writeEndObject();
    }

    /** @throws IllegalArgumentException when the field is missing or wrong */
    static Map<Integer, Long> offsets(JsonNode node) {
        Map<Integer, Long> offsets = new TreeMap<>();
        for (Map.Entry<String, JsonNode> offset : node.required("offsets").properties()) {
            offsets.put(Integer.valueOf(offset.getKey()), offset.getValue().longValue());
        }
        return offsets;
    }

    /** @throws IllegalArgumentException when a field is missing or wrong */
    static LedgerState state(JsonNode node) {
        Map<FailureKind, String> failed = new EnumMap<>(FailureKind.class);
        for (Map.Entry<String, JsonNode> kind : node.required("failed").properties()) {
            failed.put(FailureKind.valueOf(kind.getKey()), kind.getValue().textValue());
        }
        Map<Long, Integer> replays = new TreeMap<>();
        for (Map.Entry<String, JsonNode> replay : node.required("replays").properties()) {
            replays.put(Long.valueOf(replay.getKey()), replay.getValue().intValue());
        }
        return new LedgerState(node.required("seen").textValue(), failed, replays);
    }
}
