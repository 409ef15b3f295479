package io.millrace.producer.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * TRL's preference rows: of a job's samples the one with the highest score is chosen and the one with the lowest
 * rejected. A job whose samples have all one score, or fewer than two of which have one, gives none.
 *
 * <p>Immutable.
 */
record PreferenceFormat(Scores scores) implements ExportFormat {

    private record Scored(Completion completion, double score) {}

    @Override
    public List<ObjectNode> rows(ExportRow row) {
        Optional<Scored> best = Optional.empty();
        Optional<Scored> worst = Optional.empty();
        for (Completion completion : row.completions()) {
            double score = scores.of(row.customId(), completion.index());
            if (Double.isNaN(score)) {
                continue;
            }
            Optional<Scored> scored = Optional.of(new Scored(completion, score));
            if (best.isEmpty() || score > best.get().score()) {
                best = scored;
            }
            if (worst.isEmpty() || score < worst.get().score()) {
                worst = scored;
            }
        }
        if (best.isEmpty() || best.get().score() <= worst.get().score()) {
            return List.of();
        }
        ObjectNode node = Rows.NODES.objectNode();
        node.set("prompt", Rows.messages(row.messages()));
        node.set("chosen", Rows.answer(best.get().completion()));
        node.set("rejected", Rows.answer(worst.get().completion()));
        node.put("score_chosen", best.get().score())
                .put("score_rejected", worst.get().score())
                .put("id", row.customId())
                .put("model", row.model())
                .put("metadata", row.metadataText());
        return List.of(node);
    }

    @Override
    public boolean needsPrompts() {
        return true;
    }

    @Override
    public List<Column> columns() {
        return List.of(
                Column.messages("prompt"),
                Column.messages("chosen"),
                Column.messages("rejected"),
                Column.number("score_chosen"),
                Column.number("score_rejected"),
                Column.text("id"),
                Column.text("model"),
                Column.text("metadata"));
    }
}
