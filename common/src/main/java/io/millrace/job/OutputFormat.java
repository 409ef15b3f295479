package io.millrace.job;

/**
 * What the text of an answer must look like. An answer is of its format unless it was cut at {@code max_tokens} or at one
 * of the job's own stop texts.
 *
 * <p>Immutable.
 */
public sealed interface OutputFormat {
    /** Any text. */
    OutputFormat TEXT = new Text();

    /** Any text. */
    record Text() implements OutputFormat {}

    /** Some JSON object. */
    record JsonObject() implements OutputFormat {}

    /**
     * A JSON value that this schema allows.
     *
     * @param schema a JSON Schema, as JSON text; the subset that llama.cpp can turn into a grammar
     */
    record JsonSchema(String schema) implements OutputFormat {
        public JsonSchema {
            requireNoNul("response_format", schema);
            if (!schema.stripLeading().startsWith("{")) {
                throw new InvalidFieldException("response_format", schema, "must have a JSON object as its schema");
            }
        }
    }

    /**
     * A text of the language that this grammar describes.
     *
     * @param gbnf llama.cpp's notation; its rule {@code root} is the whole text
     */
    record Grammar(String gbnf) implements OutputFormat {
        public Grammar {
            requireNoNul("grammar", gbnf);
            GrammarSyntax.check(gbnf);
        }
    }

    private static void requireNoNul(String field, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new InvalidFieldException(field, text, "must hold no NUL character");
        }
    }
}
