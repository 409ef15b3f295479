package io.millrace.producer.score;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares the numbers that two texts end in, as GSM8K is scored: the one behind the last {@code ####}, else the one in
 * the last {@code \boxed{}}, else the last number. Thousands may be parted by commas; {@code 42}, {@code 42.0} and {@code
 * $42} are equal.
 *
 * <p>Immutable.
 */
public record NumberScorer(Reference reference) implements Scorer {
    /** A minus counts only where no word or number stands before it: 5-3 ends in 3. */
    private static final Pattern NUMBER = Pattern.compile(
            "(?<sign>(?<![\\w.)])-)?[$€£]?(?<digits>(?:\\d{1,3}(?:,\\d{3})+(?!\\d)|\\d+)(?:\\.\\d+)?|(?<![\\w.])\\.\\d+)");

    private static final String MARK = "####";
    private static final String BOX = "\\boxed{";

    @Override
    public Optional<Score> score(Sample sample) {
        return reference.of(sample).flatMap(NumberScorer::answer).map(expected -> {
            Optional<BigDecimal> found = answer(sample.text());
            if (found.isPresent() && found.get().compareTo(expected) == 0) {
                return Score.right();
            }
            return Score.wrong("expected " + expected.toPlainString() + ", found "
                    + found.map(BigDecimal::toPlainString).orElse("no number"));
        });
    }

    /** The number that a text gives as its answer. */
    public static Optional<BigDecimal> answer(String text) {
        int mark = text.lastIndexOf(MARK);
        if (mark >= 0) {
            Matcher matcher = NUMBER.matcher(text).region(mark + MARK.length(), text.length());
            if (matcher.find()) {
                return Optional.of(value(matcher));
            }
        }
        int box = text.lastIndexOf(BOX);
        if (box >= 0) {
            Optional<BigDecimal> boxed = last(inside(text, box + BOX.length()).replace("{,}", ","));
            if (boxed.isPresent()) {
                return boxed;
            }
        }
        return last(text);
    }

    /** Up to the brace that closes this one. */
    private static String inside(String text, int start) {
        int depth = 1;
        for (int i = start; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return text.substring(start, i);
            }
        }
        return text.substring(start);
    }

    private static Optional<BigDecimal> last(String text) {
        Optional<BigDecimal> last = Optional.empty();
        Matcher matcher = NUMBER.matcher(text);
        while (matcher.find()) {
            last = Optional.of(value(matcher));
        }
        return last;
    }

    private static BigDecimal value(Matcher matcher) {
        BigDecimal value = new BigDecimal(matcher.group("digits").replace(",", ""));
        return matcher.group("sign") == null ? value : value.negate();
    }
}
