package io.millrace.producer.ledger;

/**
 * Job indices from {@code first} to {@code last}, both included; printed as {@code 7} or {@code 7-9}.
 *
 * <p>Immutable.
 */
public record IndexRange(long first, long last) {

    public IndexRange {
        if (first < 0 || last < first) {
            throw new IllegalArgumentException("no range of indices: " + first + " to " + last);
        }
    }

    public long size() {
        return last - first + 1;
    }

    @Override
    public String toString() {
        return first == last ? Long.toString(first) : first + "-" + last;
    }
}
