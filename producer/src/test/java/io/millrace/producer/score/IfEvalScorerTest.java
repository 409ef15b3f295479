package io.millrace.producer.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IfEvalScorerTest {

    static Stream<Arguments> instructions() {
        return Stream.of(
                one("keywords:existence", Map.of("keywords", List.of("tree", "sky")), "A Tree, a sky.", "A tree."),
                one(
                        "keywords:frequency",
                        Map.of("keyword", "ha", "frequency", 3, "relation", "at least"),
                        "ha Ha ha",
                        "ha ha"),
                one("keywords:forbidden_words", Map.of("forbidden_words", List.of("art")), "A party.", "It is ART."),
                one(
                        "keywords:letter_frequency",
                        Map.of("letter", "e", "let_frequency", 2, "let_relation", "less than"),
                        "One",
                        "Eel"),
                one(
                        "length_constraints:number_sentences",
                        Map.of("num_sentences", 2, "relation", "at least"),
                        "One. Two!",
                        "Only one."),
                one(
                        "length_constraints:number_words",
                        Map.of("num_words", 3, "relation", "less than"),
                        "two words",
                        "now three words"),
                one(
                        "length_constraints:number_paragraphs",
                        Map.of("num_paragraphs", 2),
                        "One\n***\nTwo\n***",
                        "One\n***\n***\nTwo"),
                one(
                        "length_constraints:nth_paragraph_first_word",
                        Map.of("num_paragraphs", 2, "nth_paragraph", 2, "first_word", "Well"),
                        "Hm.\n\n\"Well, yes.",
                        "Well.\n\nNo."),
                one("detectable_content:number_placeholders", Map.of("num_placeholders", 2), "[a] and [b]", "[a]"),
                one("detectable_content:postscript", Map.of("postscript_marker", "P.S."), "Hi\np.s. more", "Hi"),
                one("detectable_format:number_bullet_lists", Map.of("num_bullets", 2), "* a\n- b", "* a\n**b**"),
                one("detectable_format:constrained_response", Map.of(), "My answer is no.", "No."),
                one(
                        "detectable_format:number_highlighted_sections",
                        Map.of("num_highlights", 2),
                        "*a* and **b**",
                        "*a* and * *"),
                one(
                        "detectable_format:multiple_sections",
                        Map.of("section_spliter", "PART", "num_sections", 2),
                        "PART 1\nx\nPART 2\ny",
                        "PART 1"),
                one("detectable_format:title", Map.of(), "<<Poem of joy>>\nx", "<< >>"),
                one("detectable_format:json_format", Map.of(), "{}", "{"),
                one("combination:two_responses", Map.of(), "one\n******\ntwo", "one\n******\none"),
                one("combination:repeat_prompt", Map.of("prompt_to_repeat", "Say hi."), "say hi. Hi!", "Hi! Say hi."),
                one("startend:end_checker", Map.of("end_phrase", "The end."), "Once. The END.", "The end. Or not."),
                one("startend:quotation", Map.of(), "\"all of it\"", "\"not\" all"),
                one(
                        "change_case:capital_word_frequency",
                        Map.of("capital_frequency", 2, "capital_relation", "at least"),
                        "VERY WELL-DONE indeed",
                        "VERY well"),
                one("change_case:english_capital", Map.of(), "ALL, 7", "All"),
                one("change_case:english_lowercase", Map.of(), "all, 7", "All"),
                one("punctuation:no_comma", Map.of(), "None; none", "One, two"));
    }

    private static Arguments one(String id, Map<String, Object> kwargs, String followed, String broken) {
        return Arguments.of(id, kwargs, followed, broken);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("instructions")
    void anInstructionIsFollowedOrNot(String id, Map<String, Object> kwargs, String followed, String broken) {
        assertThat(score(List.of(id), List.of(kwargs), followed)).contains(new Score(1, "1 of 1 followed"));
        assertThat(score(List.of(id), List.of(kwargs), broken)).contains(new Score(0, "0 of 1 followed; not " + id));
    }

    @Test
    void theScoreIsTheShareOfThoseThatCanBeVerified() {
        List<String> ids = List.of("punctuation:no_comma", "startend:quotation", "language:response_language");

        assertThat(score(ids, List.of(Map.of(), Map.of(), Map.of("language", "de")), "\"a, b\""))
                .contains(new Score(0.5, "1 of 2 followed; not punctuation:no_comma; 1 not verifiable here"));
        assertThat(score(List.of("language:response_language"), List.of(Map.of("language", "de")), "Ja"))
                .isEmpty();
        assertThat(score(List.of(), List.of(), "Ja")).isEmpty();
    }

    private static Optional<Score> score(List<String> ids, List<Map<String, Object>> kwargs, String answer) {
        return new IfEvalScorer(text -> text.equals("{}"))
                .score(new Sample("", answer, Map.of("instruction_id_list", ids, "kwargs", kwargs)));
    }
}
