package io.millrace.worker.decode;

import io.millrace.job.OutputFormat;
import io.millrace.worker.chat.Segment;
import java.util.List;

/**
 * The model's vocabulary.
 *
 * <p>Thread-safe.
 */
public interface Tokenizer {

    /**
     * The ids of a prompt. Only {@link Segment.Marker}s give wrapper or control tokens.
     *
     * @throws EngineException when the vocabulary lacks a marker
     */
    int[] encode(List<Segment> prompt);

    /**
     * Does nothing when answers can be held to this format.
     *
     * @throws EngineException when they cannot, with the reason
     */
    void check(OutputFormat format);

    /** The bytes that a token adds to the text: UTF-8, perhaps only a part of a character; none for control tokens. */
    byte[] piece(int token);

    /**
     * Whether this token ends the model's turn: an end-of-generation token of the model, and {@code <|im_start|>} as well,
     * since the reference model sometimes opens another turn by itself.
     */
    boolean endsTurn(int token);

    /** How many tokens there are. */
    int size();
}
