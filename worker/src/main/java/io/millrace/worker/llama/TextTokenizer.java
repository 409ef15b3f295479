package io.millrace.worker.llama;

import io.millrace.worker.chat.Segment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The vocabulary of a GGUF file, loaded without its weights, for tokenising text beside any engine.
 *
 * <p>Thread-safe; closed by its owner when nobody tokenises any more.
 */
public final class TextTokenizer implements AutoCloseable {
    private final GgufModel model;
    private final Vocabulary vocabulary;
    private final LlamaTokenizer tokenizer;

    private TextTokenizer(GgufModel model) {
        this.model = model;
        this.vocabulary = new Vocabulary(model.vocabulary());
        this.tokenizer = new LlamaTokenizer(vocabulary);
    }

    /** @throws io.millrace.worker.decode.EngineException when it is not there or no GGUF file that llama.cpp can read */
    public static TextTokenizer open(Path file) {
        return new TextTokenizer(GgufModel.loadVocabulary(file, NativeRuntime.load(Optional.empty())));
    }

    public int size() {
        return vocabulary.size();
    }

    /** The token of this name, if there is one and it is no text. */
    public OptionalInt special(String name) {
        int[] ids = vocabulary.tokenize(name, true);
        return ids.length == 1 && vocabulary.role(ids[0]) != Vocabulary.Role.TEXT
                ? OptionalInt.of(ids[0])
                : OptionalInt.empty();
    }

    /** The ids of a text that stands between two special tokens; none of them is special. */
    public int[] encode(String text) {
        return tokenizer.encode(List.of(new Segment.Run(text, false)));
    }

    @Override
    public void close() {
        model.close();
    }
}
