package io.millrace.worker.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * Sequences without a slot, a line for each adapter. Since a step is of one adapter, slots are given to one adapter's
 * sequences at a time: its turn ends when none of it waits any more, or when others wait and it had its share; then comes
 * the adapter of the sequence that waits longest.
 *
 * <p>Confined to the decode thread.
 */
final class WaitingLines {
    private final List<WaitingLine> lines = new ArrayList<>();
    private final int share;
    private int turn;
    private int seatedInTurn;
    private int size;
    private long arrivals;

    /** @param share how many sequences an adapter's turn seats while others wait */
    WaitingLines(int share) {
        this.share = share;
        lines.add(new WaitingLine());
    }

    void add(Sequence sequence) {
        while (lines.size() <= sequence.adapter()) {
            lines.add(new WaitingLine());
        }
        sequence.arrival = arrivals++;
        lines.get(sequence.adapter()).add(sequence);
        size++;
    }

    void remove(Sequence sequence) {
        lines.get(sequence.adapter()).remove(sequence);
        size--;
    }

    /** Takes a sequence out because it gets a slot. */
    void seat(Sequence sequence) {
        remove(sequence);
        seatedInTurn++;
    }

    int size() {
        return size;
    }

    /** The longest waiting one of the adapter whose turn it is, or null where its turn has to end first. */
    Sequence first() {
        if (lines.size() > 1) {
            passTurn();
        }
        return lines.get(turn).first();
    }

    /** Whether the turn goes on. */
    boolean inTurn() {
        return seatedInTurn < share || size == lines.get(turn).size();
    }

    private void passTurn() {
        if (inTurn() && lines.get(turn).first() != null) {
            return;
        }
        int next = turn;
        for (int adapter = 0; adapter < lines.size(); adapter++) {
            Sequence first = lines.get(adapter).first();
            if (adapter != turn
                    && first != null
                    && (next == turn || first.arrival < lines.get(next).first().arrival)) {
                next = adapter;
            }
        }
        if (next != turn) {
            turn = next;
            seatedInTurn = 0;
        }
    }
}
