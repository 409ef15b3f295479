package io.millrace.producer.pretokenize;

import java.util.List;

/** A whole chat: one sequence of the training data. Immutable. */
public record Dialogue(List<Turn> turns) {
    public Dialogue {
        turns = List.copyOf(turns);
        if (turns.isEmpty()) {
            throw new IllegalArgumentException("a dialogue has at least one turn");
        }
    }

    /** Of its texts. */
    int chars() {
        return turns.stream().mapToInt(turn -> turn.text().length()).sum();
    }
}
