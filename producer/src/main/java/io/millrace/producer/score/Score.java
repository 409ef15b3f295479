package io.millrace.producer.score;

import java.util.Objects;

/**
 * What a scorer says of a sample.
 *
 * <p>Immutable.
 *
 * @param value from 0, wrong, to 1, right
 * @param detail why, for people; empty where there is nothing to say
 */
public record Score(double value, String detail) {
    private static final int LONGEST_DETAIL = 500;

    public Score {
        Objects.requireNonNull(detail, "detail");
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("a score is from 0 to 1, not " + value);
        }
        if (detail.length() > LONGEST_DETAIL) {
            detail = detail.substring(0, LONGEST_DETAIL) + "...";
        }
    }

    /** Right. */
    public static Score right() {
        return new Score(1, "");
    }

    /** Wrong, and why. */
    public static Score wrong(String detail) {
        return new Score(0, detail);
    }

    /** The text in a detail, cut. */
    static String shown(String text) {
        String line = text.strip().replace('\n', ' ');
        return line.length() > 80 ? line.substring(0, 80) + "..." : line;
    }
}
