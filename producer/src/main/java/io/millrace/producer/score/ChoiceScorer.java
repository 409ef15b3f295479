package io.millrace.producer.score;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Multiple choice: finds the letter that an answer settles on. The reference is a letter, the place in the task's list
 * {@code choices} counted from 0, or the text of one of them.
 *
 * <p>Immutable.
 */
public record ChoiceScorer(Reference reference) implements Scorer {
    private static final String LETTER = "\\(?\\**([A-J])\\**(?![A-Za-z0-9'])";

    /** The first of these that is found counts, and of several matches the last. */
    private static final List<Pattern> SAYS = List.of(
            Pattern.compile("\\\\boxed\\{(?:\\\\text\\{)?([A-J])\\}"),
            Pattern.compile("(?i:answer|choice|option)(?i:\\s+is)?[\\s:=*]*" + LETTER + "(?!\\s+[a-z])"),
            Pattern.compile("^\\s*\\(?\\**([A-J])\\**(?:[).:,]|\\s*$)"),
            Pattern.compile("\\(([A-J])\\)"));

    @Override
    public Optional<Score> score(Sample sample) {
        List<?> choices = sample.list("choices");
        return reference.of(sample).flatMap(text -> expected(text, choices)).map(expected -> {
            Optional<Character> found = found(sample.text(), choices);
            if (found.isPresent() && found.get().equals(expected)) {
                return Score.right();
            }
            return Score.wrong("expected " + expected + ", found "
                    + found.map(letter -> letter.toString()).orElse("no choice"));
        });
    }

    private static Optional<Character> expected(String text, List<?> choices) {
        String told = text.strip();
        if (told.matches("\\(?[A-Ja-j]\\)?")) {
            return Optional.of(
                    told.replaceAll("[()]", "").toUpperCase(Locale.ROOT).charAt(0));
        }
        if (told.matches("[0-9]") && Integer.parseInt(told) < choices.size()) {
            return Optional.of((char) ('A' + Integer.parseInt(told)));
        }
        for (int i = 0; i < choices.size(); i++) {
            if (choices.get(i).toString().strip().equalsIgnoreCase(told)) {
                return Optional.of((char) ('A' + i));
            }
        }
        return Optional.empty();
    }

    private static Optional<Character> found(String answer, List<?> choices) {
        for (Pattern says : SAYS) {
            Optional<Character> last = Optional.empty();
            Matcher matcher = says.matcher(answer);
            while (matcher.find()) {
                last = Optional.of(matcher.group(1).charAt(0));
            }
            if (last.isPresent()) {
                return last;
            }
        }
        return byText(answer.toLowerCase(Locale.ROOT), choices);
    }

    /** The only choice whose text the answer holds. */
    private static Optional<Character> byText(String answer, List<?> choices) {
        Optional<Character> only = Optional.empty();
        for (int i = 0; i < choices.size(); i++) {
            if (answer.contains(choices.get(i).toString().strip().toLowerCase(Locale.ROOT))) {
                if (only.isPresent()) {
                    return Optional.empty();
                }
                only = Optional.of((char) ('A' + i));
            }
        }
        return only;
    }
}
