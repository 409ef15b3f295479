package io.millrace.producer.pretokenize;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Counts of one split, and of each dataset in it.
 *
 * <p>Confined to the thread that writes.
 */
public final class SplitStats {
    private final String split;
    private long accepted;
    private long skipped;
    private long tokens;
    private long skippedTokens;
    private long assistantTokens;
    private int shortest = Integer.MAX_VALUE;
    private int longest;
    private final List<Part> parts = new ArrayList<>();

    /** Of one dataset. */
    static final class Part {
        private final String dataset;
        private long accepted;
        private long skipped;
        private long tokens;

        private Part(String dataset) {
            this.dataset = dataset;
        }

        @Override
        public String toString() {
            return "dataset " + dataset + ": accepted " + accepted + ", skipped " + skipped + ", tokens " + tokens
                    + "\n";
        }
    }

    SplitStats(String split) {
        this.split = split;
    }

    /** Begins the next dataset. */
    Part part(String dataset) {
        Part part = new Part(dataset);
        parts.add(part);
        return part;
    }

    void accept(Part part, Sequence sequence) {
        int length = sequence.ids().length;
        part.accepted++;
        part.tokens += length;
        accepted++;
        tokens += length;
        assistantTokens += sequence.assistantTokens();
        shortest = Math.min(shortest, length);
        longest = Math.max(longest, length);
    }

    void skip(Part part, Sequence sequence) {
        part.skipped++;
        skipped++;
        skippedTokens += sequence.ids().length;
    }

    /** The split's name. */
    public String split() {
        return split;
    }

    public long accepted() {
        return accepted;
    }

    public long tokens() {
        return tokens;
    }

    /** A line for each figure and for each dataset. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("split: " + split + "\naccepted: " + accepted + "\nskipped: " + skipped
                + "\ntokens: " + tokens + "\nassistant tokens: " + assistantTokens + "\nskipped tokens: "
                + skippedTokens
                + "\n");
        if (accepted > 0) {
            text.append("shortest: " + shortest + "\nlongest: " + longest + "\n");
            text.append(String.format(Locale.ROOT, "average: %.1f\n", (double) tokens / accepted));
        }
        parts.forEach(text::append);
        return text.toString();
    }
}
