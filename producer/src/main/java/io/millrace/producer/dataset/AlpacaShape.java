package io.millrace.producer.dataset;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.job.Message;
import io.millrace.producer.files.LineException;
import io.millrace.producer.files.RawObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Alpaca rows: {@code instruction} and, behind an empty line, {@code input} are the user's message; {@code system} and the
 * pairs of {@code history} go before it, as LLaMA-Factory has them; {@code output} becomes the metadata's {@code
 * reference}.
 *
 * <p>Thread-safe.
 */
record AlpacaShape(Columns columns) implements RowShape {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Override
    public List<RowTask> tasks(RawObject row) throws LineException, IOException {
        Optional<String> id = ToldShape.id(row, columns);
        String instruction = take(row, "instruction");
        if (instruction.isBlank()) {
            throw new LineException("instruction", "is missing or blank; " + Names.of(row));
        }
        String input = take(row, "input");
        Chat chat = new Chat();
        String system = take(row, "system");
        if (!system.isBlank()) {
            chat.add(Message.SYSTEM, system);
        }
        addHistory(chat, row);
        chat.add(Message.USER, input.isBlank() ? instruction : instruction + "\n\n" + input);
        String output = take(row, "output");
        String metadata = ToldShape.rest(row);
        return List.of(new RowTask(
                id, "messages", chat.json(), output.isEmpty() ? metadata : Reference.add(metadata, output)));
    }

    private static String take(RawObject row, String name) throws LineException, IOException {
        int field = row.find(name);
        if (field < 0) {
            return "";
        }
        row.use(field);
        return row.text(field);
    }

    private static void addHistory(Chat chat, RawObject row) throws LineException, IOException {
        int field = row.find("history");
        if (field < 0) {
            return;
        }
        row.use(field);
        try (JsonParser parser = row.value(field)) {
            JsonNode turns = MAPPER.readTree(parser);
            for (JsonNode turn : turns) {
                if (turn.size() != 2 || !turn.get(0).isTextual() || !turn.get(1).isTextual()) {
                    throw new LineException("history", "must hold pairs of two texts, not " + turn);
                }
                chat.add(Message.USER, turn.get(0).textValue());
                chat.add(Message.ASSISTANT, turn.get(1).textValue());
            }
        }
    }
}
