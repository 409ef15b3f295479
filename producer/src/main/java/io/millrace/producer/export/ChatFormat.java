package io.millrace.producer.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * TRL's conversational rows: {@code messages} with the answer as their last, or {@code prompt} and {@code completion}
 * apart. Beside them the row's name, what ended the answer, its length, the model, and the input's other columns as
 * JSON text.
 *
 * <p>Immutable.
 *
 * @param apart whether prompt and completion are two columns
 */
record ChatFormat(boolean apart) implements ExportFormat {

    @Override
    public List<ObjectNode> rows(ExportRow row) {
        return row.completions().stream()
                .map(completion -> {
                    ObjectNode node = Rows.NODES.objectNode();
                    if (apart) {
                        node.set("prompt", Rows.messages(row.messages()));
                        node.set("completion", Rows.answer(completion));
                    } else {
                        node.set("messages", Rows.messages(row.messages()).addAll(Rows.answer(completion)));
                    }
                    return node.put("id", row.sampleId(completion))
                            .put("finish_reason", completion.finishReason())
                            .put("completion_tokens", completion.tokens())
                            .put("model", row.model())
                            .put("metadata", row.metadataText());
                })
                .toList();
    }

    @Override
    public boolean needsPrompts() {
        return true;
    }

    @Override
    public List<Column> columns() {
        List<Column> rest = List.of(
                Column.text("id"),
                Column.text("finish_reason"),
                Column.integer("completion_tokens"),
                Column.text("model"),
                Column.text("metadata"));
        List<Column> columns = new ArrayList<>();
        if (apart) {
            columns.add(Column.messages("prompt"));
            columns.add(Column.messages("completion"));
        } else {
            columns.add(Column.messages("messages"));
        }
        columns.addAll(rest);
        return columns;
    }
}
