package io.millrace.job;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A part of a grammar, as far as it matters for what a rule can begin with.
 *
 * <p>Immutable.
 */
sealed interface GrammarRule {

    /** One of these. */
    record Choice(List<GrammarRule> alternates) implements GrammarRule {}

    /** These, one after the other. */
    record Sequence(List<GrammarRule> items) implements GrammarRule {}

    /** A rule by its name. */
    record Reference(String name) implements GrammarRule {}

    /** Text. */
    enum Terminal implements GrammarRule {
        /** At least a character. */
        SOME,
        /** The empty text. */
        NOTHING
    }

    /** A rule that can begin with itself, if there is one. */
    static Optional<String> leftRecursive(Map<String, GrammarRule> rules) {
        Set<String> empty = new HashSet<>();
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Map.Entry<String, GrammarRule> rule : rules.entrySet()) {
                grown |= rule.getValue().canBeEmpty(empty) && empty.add(rule.getKey());
            }
        }
        for (Map.Entry<String, GrammarRule> rule : rules.entrySet()) {
            Set<String> first = new HashSet<>();
            rule.getValue().collectFirst(rules, empty, first);
            if (first.contains(rule.getKey())) {
                return Optional.of(rule.getKey());
            }
        }
        return Optional.empty();
    }

    private boolean canBeEmpty(Set<String> empty) {
        if (this instanceof Choice choice) {
            return choice.alternates().stream().anyMatch(alternate -> alternate.canBeEmpty(empty));
        } else if (this instanceof Sequence sequence) {
            return sequence.items().stream().allMatch(item -> item.canBeEmpty(empty));
        } else if (this instanceof Reference reference) {
            return empty.contains(reference.name());
        }
        return this == Terminal.NOTHING;
    }

    /** Adds the rules that this can begin with, and those that these can begin with. */
    private void collectFirst(Map<String, GrammarRule> rules, Set<String> empty, Set<String> first) {
        if (this instanceof Choice choice) {
            choice.alternates().forEach(alternate -> alternate.collectFirst(rules, empty, first));
        } else if (this instanceof Sequence sequence) {
            for (GrammarRule item : sequence.items()) {
                item.collectFirst(rules, empty, first);
                if (!item.canBeEmpty(empty)) {
                    return;
                }
            }
        } else if (this instanceof Reference reference && first.add(reference.name())) {
            rules.get(reference.name()).collectFirst(rules, empty, first);
        }
    }
}
