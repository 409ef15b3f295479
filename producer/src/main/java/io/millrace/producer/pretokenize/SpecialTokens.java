package io.millrace.producer.pretokenize;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The special tokens of the training data: those of the vocabulary with its ids, the others behind it in the order in
 * which the original adds them.
 *
 * <p>Immutable.
 *
 * @param ids by name
 * @param vocabularySize with those that were added
 * @param added which the vocabulary lacks
 */
public record SpecialTokens(Map<String, Integer> ids, int vocabularySize, List<String> added) {
    private static final List<String> ALWAYS = List.of("<CLS>", "<SEP>", "<EOD>", "<MASK>", "<PAD>");
    private static final List<String> WHERE_THERE = List.of("<s>", "</s>");

    public static SpecialTokens of(Tokenizer tokenizer, List<String> extra) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        List<String> added = new ArrayList<>();
        int next = tokenizer.size();
        for (String name : ALWAYS) {
            next = put(name, tokenizer, ids, added, next);
        }
        for (String name : WHERE_THERE) {
            tokenizer.special(name).ifPresent(id -> ids.put(name, id));
        }
        for (String name : extra) {
            if (!ids.containsKey(name)) {
                next = put(name, tokenizer, ids, added, next);
            }
        }
        return new SpecialTokens(ids, next, List.copyOf(added));
    }

    private static int put(String name, Tokenizer tokenizer, Map<String, Integer> ids, List<String> added, int next) {
        OptionalInt known = tokenizer.special(name);
        ids.put(name, known.orElse(next));
        if (known.isPresent()) {
            return next;
        }
        added.add(name);
        return next + 1;
    }

    int id(String name) {
        Integer id = ids.get(name);
        if (id == null) {
            throw new SettingsException(
                    "vocab_extra_ids_list: " + name + " is missing, and chats cannot be written without it; add it");
        }
        return id;
    }
}
