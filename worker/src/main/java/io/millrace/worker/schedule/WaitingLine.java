package io.millrace.worker.schedule;

/**
 * Sequences without a slot, in order of arrival. Taking one out of the middle costs no search.
 *
 * <p>Confined to the decode thread.
 */
final class WaitingLine {
    private Sequence first;
    private Sequence last;
    private int size;

    void add(Sequence sequence) {
        sequence.waiting = true;
        sequence.before = last;
        if (last == null) {
            first = sequence;
        } else {
            last.behind = sequence;
        }
        last = sequence;
        size++;
    }

    void remove(Sequence sequence) {
        if (sequence.before == null) {
            first = sequence.behind;
        } else {
            sequence.before.behind = sequence.behind;
        }
        if (sequence.behind == null) {
            last = sequence.before;
        } else {
            sequence.behind.before = sequence.before;
        }
        sequence.before = null;
        sequence.behind = null;
        sequence.waiting = false;
        sequence.awaited = null;
        size--;
    }

    /** The longest waiting one, or null. */
    Sequence first() {
        return first;
    }

    int size() {
        return size;
    }
}
