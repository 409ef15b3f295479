package io.millrace.producer.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Formats whose rows are a sample's few fields, and OpenAI's own lines. Thread-safe. */
final class PlainFormats {

    private PlainFormats() {}

    private record PerSample(boolean needsPrompts, List<Column> columns, Filler filler) implements ExportFormat {

        @Override
        public List<ObjectNode> rows(ExportRow row) {
            List<ObjectNode> nodes = new ArrayList<>(row.completions().size());
            for (Completion completion : row.completions()) {
                ObjectNode node = Rows.NODES.objectNode();
                filler.fill(node, row, completion);
                nodes.add(node);
            }
            return nodes;
        }
    }

    private interface Filler {
        void fill(ObjectNode node, ExportRow row, Completion completion);
    }

    /** {@code task_id} is the column of that name, else the row's name. */
    static ExportFormat humanEval() {
        return new PerSample(false, List.of(), (node, row, completion) -> {
            JsonNode task = row.metadata().path("task_id");
            node.put("task_id", task.isTextual() ? task.textValue() : row.customId())
                    .put("completion", completion.text());
        });
    }

    static ExportFormat ifEval() {
        return new PerSample(
                true,
                List.of(),
                (node, row, completion) -> node.put("prompt", row.lastPrompt()).put("response", completion.text()));
    }

    static ExportFormat csv() {
        return new PerSample(
                true,
                List.of(
                        ExportFormat.Column.text("id"),
                        ExportFormat.Column.text("prompt"),
                        ExportFormat.Column.text("response"),
                        ExportFormat.Column.text("finish_reason"),
                        ExportFormat.Column.integer("completion_tokens"),
                        ExportFormat.Column.text("model"),
                        ExportFormat.Column.text("metadata")),
                (node, row, completion) -> node.put("id", row.sampleId(completion))
                        .put("prompt", row.lastPrompt())
                        .put("response", completion.text())
                        .put("finish_reason", completion.finishReason())
                        .put("completion_tokens", completion.tokens())
                        .put("model", row.model())
                        .put("metadata", row.metadataText()));
    }

    static ExportFormat text() {
        return new PerSample(false, List.of(), (node, row, completion) -> node.put("text", completion.text()));
    }

    /** A line of the run's own, without the samples that were filtered out. */
    private record OpenAi() implements ExportFormat {

        @Override
        public List<ObjectNode> rows(ExportRow row) {
            if (row.completions().isEmpty()) {
                return List.of();
            }
            ObjectNode line = row.line().deepCopy();
            ArrayNode choices = (ArrayNode) line.path("response").path("body").path("choices");
            if (choices.size() > row.completions().size()) {
                List<Integer> kept =
                        row.completions().stream().map(Completion::index).toList();
                choices.removeIf(choice -> !kept.contains(choice.path("index").intValue()));
            }
            return List.of(line);
        }

        @Override
        public boolean needsPrompts() {
            return false;
        }

        @Override
        public List<Column> columns() {
            return List.of();
        }
    }

    static ExportFormat openAi() {
        return new OpenAi();
    }
}
