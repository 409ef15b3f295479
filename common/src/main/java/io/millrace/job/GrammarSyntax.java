package io.millrace.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a grammar in llama.cpp's GBNF notation and says what is wrong with it, by line and column, before a model sees
 * it: the notation, rules that are missing, and rules that begin with themselves, which llama.cpp cannot follow.
 *
 * <p>Confined to the calling thread.
 */
final class GrammarSyntax {
    private static final int MAX_REPETITIONS = 2000;
    private static final int MAX_DEPTH = 100;
    private static final String ESCAPES = "tnr\\\"[]-xuU";

    private final String text;
    private final Map<String, GrammarRule> rules = new LinkedHashMap<>();
    /** Names of rules that are used, with the place where they are first. */
    private final Map<String, Integer> used = new LinkedHashMap<>();

    private int at;
    private int depth;

    private GrammarSyntax(String text) {
        this.text = text;
    }

    /** @throws InvalidFieldException unless the text is a grammar with a rule {@code root} */
    static void check(String gbnf) {
        new GrammarSyntax(gbnf).read();
    }

    private void read() {
        space(true);
        while (at < text.length()) {
            rule();
        }
        if (!rules.containsKey("root")) {
            throw new InvalidFieldException("grammar", text, "must have a rule named root");
        }
        used.forEach((name, place) -> {
            if (!rules.containsKey(name)) {
                throw wrong("uses the rule " + name + ", which it does not have", place);
            }
        });
        GrammarRule.leftRecursive(rules).ifPresent(name -> {
            throw new InvalidFieldException(
                    "grammar", text, "must have no rule that begins with itself, as " + name + " does");
        });
    }

    private void rule() {
        int start = at;
        String name = name();
        space(false);
        if (name.isEmpty() || !text.startsWith("::=", at)) {
            throw wrong("needs a rule, as in: name ::= \"text\"", name.isEmpty() ? start : at);
        }
        at += 3;
        space(true);
        GrammarRule rule = alternates(false);
        if (at < text.length() && here() != '\n' && here() != '\r') {
            throw wrong("has '" + here() + "' where the rule " + name + " should go on or end", at);
        }
        if (rules.put(name, rule) != null) {
            throw wrong("has the rule " + name + " twice", start);
        }
        space(true);
    }

    private GrammarRule alternates(boolean nested) {
        List<GrammarRule> alternates = new ArrayList<>();
        alternates.add(sequence(nested));
        while (at < text.length() && here() == '|') {
            at++;
            space(true);
            alternates.add(sequence(nested));
        }
        return new GrammarRule.Choice(alternates);
    }

    private GrammarRule sequence(boolean nested) {
        List<GrammarRule> items = new ArrayList<>();
        while (at < text.length()) {
            char c = here();
            if ("*+?{".indexOf(c) >= 0) {
                repeat(items);
            } else if (c == '"') {
                items.add(literal());
            } else if (c == '[') {
                items.add(characters());
            } else if (c == '.') {
                at++;
                items.add(GrammarRule.Terminal.SOME);
            } else if (c == '<' || c == '!') {
                items.add(token());
            } else if (c == '(') {
                items.add(group());
            } else if (isNameCharacter(c)) {
                int place = at;
                String name = name();
                used.putIfAbsent(name, place);
                items.add(new GrammarRule.Reference(name));
            } else {
                break;
            }
            space(nested);
        }
        return new GrammarRule.Sequence(items);
    }

    private GrammarRule group() {
        int open = at++;
        if (++depth > MAX_DEPTH) {
            throw wrong("is nested deeper than " + MAX_DEPTH + " brackets", open);
        }
        space(true);
        GrammarRule inside = alternates(true);
        if (at == text.length() || here() != ')') {
            throw wrong("has a ( without its )", open);
        }
        at++;
        depth--;
        return inside;
    }

    private GrammarRule literal() {
        int open = at++;
        while (at < text.length() && here() != '"') {
            character(open, "a \" without its \"");
        }
        close(open, "a \" without its \"");
        return at - open == 2 ? GrammarRule.Terminal.NOTHING : GrammarRule.Terminal.SOME;
    }

    private GrammarRule characters() {
        int open = at++;
        if (at < text.length() && here() == '^') {
            at++;
        }
        while (at < text.length() && here() != ']') {
            character(open, "a [ without its ]");
            if (at + 1 < text.length() && here() == '-' && text.charAt(at + 1) != ']') {
                at++;
                character(open, "a [ without its ]");
            }
        }
        close(open, "a [ without its ]");
        return GrammarRule.Terminal.SOME;
    }

    private GrammarRule token() {
        int open = at;
        int end = text.indexOf('>', at);
        if (end < 0 || !text.substring(at, end + 1).matches("!?<[^\\s<>]+>")) {
            throw wrong("has a < that begins no token, such as <[13]>", open);
        }
        at = end + 1;
        return GrammarRule.Terminal.SOME;
    }

    private void character(int open, String fault) {
        if (here() == '\\') {
            at++;
            if (at == text.length()) {
                throw wrong("has " + fault, open);
            }
            int digits = switch (here()) {
                case 'x' -> 2;
                case 'u' -> 4;
                case 'U' -> 8;
                default -> 0;
            };
            if (ESCAPES.indexOf(here()) < 0 || !text.substring(at + 1).matches("(?s)[0-9a-fA-F]{" + digits + "}.*")) {
                throw wrong("has an escape that is not known: \\" + here(), at - 1);
            }
            at += digits;
        }
        at++;
    }

    private void close(int open, String fault) {
        if (at >= text.length()) {
            throw wrong("has " + fault, open);
        }
        at++;
    }

    private void repeat(List<GrammarRule> items) {
        if (items.isEmpty()) {
            throw wrong("has '" + here() + "' with nothing before it to repeat", at);
        }
        int open = at;
        boolean optional = here() == '*' || here() == '?';
        if (here() == '{') {
            int end = text.indexOf('}', at);
            String counts = end < 0 ? "" : text.substring(at + 1, end).replaceAll("\\s", "");
            if (!counts.matches("[0-9]{1,6}(,([0-9]{1,6})?)?")) {
                throw wrong("has a { that begins no count, such as {2}, {2,} or {2,5}", open);
            }
            int most = 0;
            for (String count : counts.split(",")) {
                most = Math.max(most, Integer.parseInt(count));
            }
            if (most > MAX_REPETITIONS) {
                throw wrong("repeats more than " + MAX_REPETITIONS + " times, the most that llama.cpp takes", open);
            }
            optional = Integer.parseInt(counts.split(",")[0]) == 0;
            at = end;
        }
        at++;
        if (optional) {
            items.set(
                    items.size() - 1,
                    new GrammarRule.Choice(List.of(items.get(items.size() - 1), GrammarRule.Terminal.NOTHING)));
        }
    }

    private String name() {
        int start = at;
        while (at < text.length() && isNameCharacter(here())) {
            at++;
        }
        return text.substring(start, at);
    }

    private void space(boolean lines) {
        while (at < text.length()) {
            char c = here();
            if (c == '#') {
                while (at < text.length() && here() != '\n' && here() != '\r') {
                    at++;
                }
            } else if (c == ' ' || c == '\t' || lines && (c == '\n' || c == '\r')) {
                at++;
            } else {
                return;
            }
        }
    }

    private char here() {
        return text.charAt(at);
    }

    private static boolean isNameCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_';
    }

    private InvalidFieldException wrong(String what, int place) {
        int line = 1
                + (int) text.substring(0, place).chars().filter(c -> c == '\n').count();
        int column = place - text.lastIndexOf('\n', place - 1);
        return new InvalidFieldException(
                "grammar", text, "is wrong at line " + line + ", column " + column + ": it " + what);
    }
}
