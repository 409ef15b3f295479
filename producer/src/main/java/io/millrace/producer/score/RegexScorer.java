package io.millrace.producer.score;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Looks for a regular expression, Java's, in the answer; each task has its own.
 *
 * <p>Immutable.
 */
public record RegexScorer(Reference reference) implements Scorer {

    @Override
    public Optional<Score> score(Sample sample) {
        return reference.of(sample).map(expression -> {
            try {
                return Pattern.compile(expression, Pattern.MULTILINE)
                                .matcher(sample.text())
                                .find()
                        ? Score.right()
                        : Score.wrong("no match of " + Score.shown(expression));
            } catch (PatternSyntaxException e) {
                return Score.wrong("not a regular expression: " + e.getDescription() + " in " + expression);
            }
        });
    }
}
