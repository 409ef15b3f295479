package io.millrace.producer.score;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One of IFEval's instructions, with the meaning that its published checker gives it (Zhou et al. 2023,
 * "Instruction-Following Evaluation for Large Language Models"). Sentences are split at their marks, where the original has
 * a trained splitter; "in English" of the two kinds on letters' case is not looked at.
 *
 * <p>Immutable.
 *
 * @param id such as {@code length_constraints:number_words}
 * @param arguments as the data set names them
 */
record Instruction(String id, Map<String, Object> arguments) {
    private static final int IGNORE_CASE = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;

    Instruction {
        Objects.requireNonNull(id, "id");
        arguments = Map.copyOf(arguments);
    }

    /** Empty where plain code cannot tell. */
    Optional<Boolean> followedBy(String answer) {
        return switch (id) {
            case "keywords:existence" ->
                Optional.of(texts("keywords").stream().allMatch(word -> count(literal(word), answer) > 0));
            case "keywords:frequency" ->
                relation("relation", count(literal(text("keyword")), answer), number("frequency"));
            case "keywords:forbidden_words" ->
                Optional.of(texts("forbidden_words").stream().noneMatch(word -> count(word(word), answer) > 0));
            case "keywords:letter_frequency" ->
                relation("let_relation", count(literal(text("letter")), answer), number("let_frequency"));
            case "length_constraints:number_sentences" ->
                relation("relation", count("[^.!?\\s][^.!?]*(?:[.!?]+|$)", answer), number("num_sentences"));
            case "length_constraints:number_words" -> relation("relation", count("\\w+", answer), number("num_words"));
            case "length_constraints:number_paragraphs" -> Optional.of(paragraphs(answer) == number("num_paragraphs"));
            case "length_constraints:nth_paragraph_first_word" -> Optional.of(firstWord(answer));
            case "detectable_content:number_placeholders" ->
                Optional.of(count("\\[.*?\\]", answer) >= number("num_placeholders"));
            case "detectable_content:postscript" -> Optional.of(postscript(answer));
            case "detectable_format:number_bullet_lists" ->
                Optional.of(
                        count("(?m)^\\s*\\*[^*].*$", answer) + count("(?m)^\\s*-.*$", answer) == number("num_bullets"));
            case "detectable_format:constrained_response" ->
                Optional.of(Stream.of("My answer is yes.", "My answer is no.", "My answer is maybe.")
                        .anyMatch(answer::contains));
            case "detectable_format:number_highlighted_sections" ->
                Optional.of(count("\\*[^\\n*]*[^\\n*\\s][^\\n*]*\\*", answer) >= number("num_highlights"));
            case "detectable_format:multiple_sections" ->
                Optional.of(count("\\s?" + Pattern.quote(text("section_spliter").strip()) + "\\s?\\d+\\s?", answer)
                        >= number("num_sections"));
            case "detectable_format:title" -> Optional.of(count("<<[^<\\n]*[^<>\\s][^\\n]*?>>", answer) > 0);
            case "combination:two_responses" -> Optional.of(twoResponses(answer));
            case "combination:repeat_prompt" ->
                Optional.of(folded(answer).startsWith(folded(text("prompt_to_repeat"))));
            case "startend:end_checker" ->
                Optional.of(folded(answer.strip().replaceAll("^\"+|\"+$", "")).endsWith(folded(text("end_phrase"))));
            case "startend:quotation" ->
                Optional.of(answer.strip().length() > 1
                        && answer.strip().startsWith("\"")
                        && answer.strip().endsWith("\""));
            case "change_case:capital_word_frequency" ->
                relation("capital_relation", capitalWords(answer), number("capital_frequency"));
            case "change_case:english_capital" ->
                Optional.of(!answer.isBlank() && answer.equals(answer.toUpperCase(Locale.ROOT)));
            case "change_case:english_lowercase" ->
                Optional.of(!answer.isBlank() && answer.equals(answer.toLowerCase(Locale.ROOT)));
            case "punctuation:no_comma" -> Optional.of(!answer.contains(","));
            default -> Optional.empty();
        };
    }

    /** The data set knows two relations; others that its descendants have are here too. */
    private Optional<Boolean> relation(String name, long found, long bound) {
        return switch (text(name)) {
            case "at least" -> Optional.of(found >= bound);
            case "less than" -> Optional.of(found < bound);
            case "at most" -> Optional.of(found <= bound);
            default -> Optional.empty();
        };
    }

    private static long count(String expression, String text) {
        Matcher matcher = Pattern.compile(expression, IGNORE_CASE).matcher(text);
        long count = 0;
        while (matcher.find()) {
            count++;
        }
        return count;
    }

    private static String literal(String word) {
        return Pattern.quote(word.strip());
    }

    private static String word(String word) {
        return "\\b" + literal(word) + "\\b";
    }

    /** Between dividers of three asterisks; -1 with an empty one in the middle. */
    private static long paragraphs(String answer) {
        String[] parts = answer.split("\\s?\\*\\*\\*\\s?", -1);
        long count = parts.length;
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].isBlank()) {
                if (i > 0 && i < parts.length - 1) {
                    return -1;
                }
                count--;
            }
        }
        return count;
    }

    private boolean firstWord(String answer) {
        List<String> parts = Stream.of(answer.split("\\n\\n", -1)).toList();
        long count = parts.stream().filter(part -> !part.isBlank()).count();
        long nth = number("nth_paragraph");
        if (nth < 1 || nth > count || parts.get((int) nth - 1).isBlank()) {
            return false;
        }
        String first = parts.get((int) nth - 1).strip().split("\\s+")[0].toLowerCase(Locale.ROOT);
        String word = first.replaceAll("^['\"]+", "").replaceAll("[.,?!'\"].*$", "");
        return count == number("num_paragraphs")
                && word.equals(text("first_word").strip().toLowerCase(Locale.ROOT));
    }

    private boolean postscript(String answer) {
        String marker = text("postscript_marker").strip();
        String expression = switch (marker) {
            case "P.P.S" -> "p\\.\\s?p\\.\\s?s";
            case "P.S." -> "p\\.\\s?s\\.";
            default -> Pattern.quote(marker);
        };
        return count(expression, answer) > 0;
    }

    private static boolean twoResponses(String answer) {
        String[] parts = answer.split("\\*\\*\\*\\*\\*\\*", -1);
        List<String> responses = Stream.of(parts)
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
        for (int i = 1; i < parts.length - 1; i++) {
            if (parts[i].isBlank()) {
                return false;
            }
        }
        return responses.size() == 2 && !responses.get(0).equals(responses.get(1));
    }

    private static long capitalWords(String answer) {
        return Stream.of(answer.split("[\\s\\p{Punct}&&[^-']]+"))
                .filter(word ->
                        word.chars().anyMatch(Character::isLetter) && word.equals(word.toUpperCase(Locale.ROOT)))
                .count();
    }

    private static String folded(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }

    private String text(String name) {
        Object value = arguments.get(name);
        return value == null ? "" : value.toString();
    }

    private List<String> texts(String name) {
        return arguments.get(name) instanceof List<?> list
                ? list.stream().map(Object::toString).toList()
                : List.of();
    }

    private long number(String name) {
        return arguments.get(name) instanceof Number number ? number.longValue() : 0;
    }
}
