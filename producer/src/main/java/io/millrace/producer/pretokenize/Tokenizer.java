package io.millrace.producer.pretokenize;

import java.util.OptionalInt;

/** A vocabulary. Thread-safe. */
public interface Tokenizer {

    /** How many tokens there are. */
    int size();

    /** The token of a special name, where the vocabulary has one. */
    OptionalInt special(String name);

    /** The ids of a text that stands between two special tokens; whatever it says, none of them is special. */
    int[] encode(String text);
}
