package io.millrace.producer.pretokenize;

import java.util.Locale;

/**
 * Counts of one split.
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

    SplitStats(String split) {
        this.split = split;
    }

    void accept(Sequence sequence) {
        int length = sequence.ids().length;
        accepted++;
        tokens += length;
        assistantTokens += sequence.assistantTokens();
        shortest = Math.min(shortest, length);
        longest = Math.max(longest, length);
    }

    void skip(Sequence sequence) {
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

    /** A line for each figure. */
    @Override
    public String toString() {
        String text = "split: " + split + "\naccepted: " + accepted + "\nskipped: " + skipped + "\ntokens: " + tokens
                + "\nassistant tokens: " + assistantTokens + "\nskipped tokens: " + skippedTokens + "\n";
        return accepted == 0
                ? text
                : text + "shortest: " + shortest + "\nlongest: " + longest + "\n"
                        + String.format(Locale.ROOT, "average: %.1f\n", (double) tokens / accepted);
    }
}
