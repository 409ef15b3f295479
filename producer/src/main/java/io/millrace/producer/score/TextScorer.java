package io.millrace.producer.score;

import java.util.Locale;
import java.util.Optional;

/**
 * Compares texts.
 *
 * <p>Immutable.
 */
public record TextScorer(Comparison comparison, Reference reference) implements Scorer {

    /** How. */
    public enum Comparison {
        /** Equal but for white space at either end. */
        EXACT,
        /** Equal after what SQuAD's evaluation does: lower case, no punctuation, no articles, single spaces. */
        NORMALISED,
        /** The answer holds the reference, case and amounts of white space apart. */
        CONTAINS
    }

    @Override
    public Optional<Score> score(Sample sample) {
        return reference.of(sample).map(expected -> {
            boolean right = switch (comparison) {
                case EXACT -> sample.text().strip().equals(expected.strip());
                case NORMALISED -> normalised(sample.text()).equals(normalised(expected));
                case CONTAINS -> folded(sample.text()).contains(folded(expected));
            };
            return right
                    ? Score.right()
                    : Score.wrong("expected " + Score.shown(expected) + ", found " + Score.shown(sample.text()));
        });
    }

    private static String normalised(String text) {
        return text.toLowerCase(Locale.ROOT)
                .replaceAll("[\\p{Punct}\\p{IsPunctuation}]", "")
                .replaceAll("\\b(a|an|the)\\b", " ")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static String folded(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip();
    }
}
