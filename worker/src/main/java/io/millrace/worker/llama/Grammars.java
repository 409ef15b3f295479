package io.millrace.worker.llama;

import io.millrace.job.OutputFormat;
import io.millrace.llamacpp.Llama;
import io.millrace.llamacpp.llama_vocab;
import io.millrace.worker.decode.EngineException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;

/**
 * Grammars in llama.cpp's notation of what jobs ask for, JSON schemas included, each found good before it is given out.
 *
 * <p>Thread-safe.
 */
final class Grammars {
    private static final int KEPT = 64;
    private static final String ANY_OBJECT = "{\"type\":\"object\"}";

    private final llama_vocab vocab;
    private final Map<OutputFormat, byte[]> known = Collections.synchronizedMap(new Recent());

    Grammars(llama_vocab vocab) {
        this.vocab = vocab;
    }

    /**
     * The grammar of a format other than plain text, with the NUL that ends it.
     *
     * @throws EngineException when there is none, with the reason
     */
    byte[] gbnf(OutputFormat format) {
        byte[] gbnf = known.get(format);
        if (gbnf == null) {
            gbnf = make(format);
            known.put(format, gbnf);
        }
        return gbnf;
    }

    private byte[] make(OutputFormat format) {
        if (format instanceof OutputFormat.Grammar grammar) {
            byte[] gbnf = ended(grammar.gbnf().getBytes(StandardCharsets.UTF_8));
            if (!valid(gbnf)) {
                throw new EngineException(
                        "grammar is refused by llama.cpp, which says why on the worker's standard error");
            }
            return gbnf;
        }
        String schema = format instanceof OutputFormat.JsonSchema json ? json.schema() : ANY_OBJECT;
        byte[] gbnf = ended(SchemaGrammar.of(schema).getBytes(StandardCharsets.UTF_8));
        if (!valid(gbnf)) {
            throw new EngineException(
                    "response_format: llama.cpp refuses the grammar that it made of the schema itself;"
                            + " it may repeat something too often (maxItems, maxLength) or refer to itself without end");
        }
        return gbnf;
    }

    private boolean valid(byte[] gbnf) {
        try (BytePointer text = new BytePointer(gbnf)) {
            return Llama.millrace_grammar_valid(vocab, text);
        }
    }

    private static byte[] ended(byte[] text) {
        byte[] ended = new byte[text.length + 1];
        System.arraycopy(text, 0, ended, 0, text.length);
        return ended;
    }

    private static final class Recent extends LinkedHashMap<OutputFormat, byte[]> {
        private static final long serialVersionUID = 1L;

        Recent() {
            super(KEPT, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<OutputFormat, byte[]> eldest) {
            return size() > KEPT;
        }
    }
}
