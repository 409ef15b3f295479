package io.millrace.producer.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.producer.score.TextScorer.Comparison;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextScorersTest {

    @Test
    void textsAreComparedAsFarAsTheScorerSays() {
        assertThat(compared(Comparison.EXACT, "6 + 2 = 8.", " 6 + 2 = 8.\n")).isEqualTo(1);
        assertThat(compared(Comparison.EXACT, "6 + 2 = 8.", "6 + 2 = 8")).isZero();
        assertThat(compared(Comparison.NORMALISED, "The Eiffel Tower!", "eiffel   tower"))
                .isEqualTo(1);
        assertThat(compared(Comparison.NORMALISED, "Theodor", "odor")).isZero();
        assertThat(compared(Comparison.CONTAINS, "New\nYork", "It is in NEW  YORK state."))
                .isEqualTo(1);
        assertThat(compared(Comparison.CONTAINS, "York", "It is in Ohio.")).isZero();
    }

    @Test
    void aTaskWithoutReferenceHasNoScore() {
        Sample sample = new Sample("", "text", Map.of("task", "open"));

        assertThat(new TextScorer(Comparison.EXACT, Reference.USUAL).score(sample))
                .isEmpty();
        assertThat(new NumberScorer(Reference.USUAL).score(sample)).isEmpty();
        assertThat(new NumberScorer(Reference.in("task")).score(sample)).isEmpty();
        assertThat(new ChoiceScorer(Reference.USUAL).score(sample)).isEmpty();
        assertThat(new RegexScorer(Reference.USUAL).score(sample)).isEmpty();
    }

    @Test
    void aDetailSaysWhatWasExpectedAndWhatWasFound() {
        assertThat(new NumberScorer(Reference.USUAL).score(new Sample("", "so 41", Map.of("answer", "#### 42"))))
                .contains(new Score(0, "expected 42, found 41"));
        assertThat(new NumberScorer(Reference.USUAL).score(new Sample("", "so many", Map.of("answer", "42"))))
                .contains(new Score(0, "expected 42, found no number"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "She makes $18 every day.\\n#### 18 | 18",
                "#### 1,234.50 dollars, or 7 | 1234.5",
                "It is 5. #### | 5",
                "#### -3 | -3",
                "The answer is 42.0. | 42",
                "6 + 2 = 8. | 8",
                "5-3 | 3",
                "5 - 3 | 3",
                "It fell to -7 degrees. | -7",
                "$1,000,000 | 1000000",
                "1,2,3 | 3",
                "1,2345 | 2345",
                "$$\\boxed{\\frac{1}{2} = 0.5}$$ of 9 | 0.5",
                "\\boxed{1{,}024} 3 | 1024",
                "10% of 20 is .5 | 0.5",
                "step 1: 3 apples, step 2: v2.0 | 2.0"
            })
    void theNumberOfAnAnswer(String text, BigDecimal number) {
        assertThat(NumberScorer.answer(text.replace("\\n", "\n")))
                .hasValueSatisfying(found -> assertThat(found).isEqualByComparingTo(number));
    }

    @Test
    void aTextWithoutDigitsHasNoNumber() {
        assertThat(NumberScorer.answer("seven - or eight.")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "B | B",
                "(C) | C",
                "D. It is the mitochondria. | D",
                "The answer is (B). | B",
                "I first thought the answer is A, but the answer is C. | C",
                "**Answer:** B | B",
                "Answer: **D** | D",
                "So $\\boxed{A}$ | A",
                "Of (A) and (B), take (B) | B",
                "A cat is an animal. | none",
                "It must be Paris. | B"
            })
    void theChoiceOfAnAnswer(String text, String letter) {
        Sample sample =
                new Sample("", text, Map.of("answer", letter, "choices", List.of("Rome", "Paris", "Oslo", "Bern")));
        Optional<Score> score = new ChoiceScorer(Reference.USUAL).score(sample);
        if (letter.equals("none")) {
            assertThat(new ChoiceScorer(Reference.USUAL).score(new Sample("", text, Map.of("answer", "A"))))
                    .contains(new Score(0, "expected A, found no choice"));
        } else {
            assertThat(score).contains(Score.right());
        }
    }

    @Test
    void aReferenceNamesAChoiceByLetterPlaceOrText() {
        List<String> choices = List.of("Rome", "Paris");
        for (Object reference : List.of("B", "(b)", 1, "1", "paris")) {
            assertThat(new ChoiceScorer(Reference.USUAL)
                            .score(new Sample("", "B", Map.of("answer", reference, "choices", choices))))
                    .as("%s", reference)
                    .contains(Score.right());
        }
        assertThat(new ChoiceScorer(Reference.USUAL)
                        .score(new Sample("", "B", Map.of("answer", "Oslo", "choices", choices))))
                .isEmpty();
    }

    @Test
    void aRegularExpressionIsTheTasksOwn() {
        RegexScorer scorer = new RegexScorer(Reference.in("regex"));

        assertThat(scorer.score(new Sample("", "a\nline 7\nb", Map.of("regex", "^line \\d$"))))
                .contains(Score.right());
        assertThat(scorer.score(new Sample("", "line x", Map.of("regex", "^line \\d$"))))
                .contains(Score.wrong("no match of ^line \\d$"));
        assertThat(scorer.score(new Sample("", "x", Map.of("regex", "("))))
                .hasValueSatisfying(score -> assertThat(score.detail()).startsWith("not a regular expression"));
    }

    @Test
    void aRefusalIsToldByItsFirstWords() {
        RefusalScorer any = new RefusalScorer(Optional.empty());
        RefusalScorer labelled = new RefusalScorer(Optional.of(Reference.in("label")));

        assertThat(any.score(new Sample("", " I can\u2019t help with that.", Map.of())))
                .contains(new Score(1, "refuses"));
        assertThat(any.score(new Sample("", "Sure! Sorry for the wait.", Map.of()))
                        .map(Score::value))
                .contains(0.0);
        assertThat(labelled.score(new Sample("", "I cannot do this.", Map.of("label", "unsafe"))))
                .contains(Score.right());
        assertThat(labelled.score(new Sample("", "I cannot do this.", Map.of("label", "safe")))
                        .map(Score::detail))
                .contains("refuses, and should not");
        assertThat(labelled.score(new Sample("", "Sure.", Map.of("label", true)))
                        .map(Score::detail))
                .contains("should refuse, and does not");
    }

    private static double compared(Comparison comparison, String reference, String answer) {
        return new TextScorer(comparison, Reference.USUAL)
                .score(new Sample("", answer, Map.of("reference", reference)))
                .orElseThrow()
                .value();
    }
}
