package io.millrace.cli;

import io.millrace.producer.pretokenize.SettingsException;
import io.millrace.producer.pretokenize.Tokenizer;
import io.millrace.worker.decode.EngineException;
import io.millrace.worker.llama.TextTokenizer;
import java.nio.file.Path;
import java.util.OptionalInt;

/** llama.cpp's tokenizer for the pretokenizer. Thread-safe; closed by its owner. */
record VocabularyFile(TextTokenizer vocabulary) implements Tokenizer, AutoCloseable {

    static VocabularyFile open(Path file) {
        try {
            return new VocabularyFile(TextTokenizer.open(file));
        } catch (EngineException e) {
            // The engine's own messages name the option of a worker.
            throw new SettingsException("vocab_file " + file + ": "
                    + e.getMessage().replace("with --model", "by --vocab-file")
                    + "; a SentencePiece model is not read: llama.cpp's convert_hf_to_gguf.py --vocab-only makes a"
                    + " GGUF vocabulary of it");
        }
    }

    @Override
    public int size() {
        return vocabulary.size();
    }

    @Override
    public OptionalInt special(String name) {
        return vocabulary.special(name);
    }

    @Override
    public int[] encode(String text) {
        return vocabulary.encode(text);
    }

    @Override
    public void close() {
        vocabulary.close();
    }
}
