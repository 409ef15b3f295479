package io.millrace.worker.llama;

import io.millrace.llamacpp.Llama;
import io.millrace.llamacpp.llama_vocab;
import io.millrace.worker.chat.ChatMl;
import io.millrace.worker.decode.EngineException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;

/**
 * The model's tokens, read once: their pieces, which of them end a turn, and which must never come out of text.
 *
 * <p>Immutable.
 */
final class Vocabulary {
    private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NOTHING = {};

    private final llama_vocab vocab;
    private final byte[][] pieces;
    private final boolean[] endsTurn;
    private final Role[] roles;

    /** What a token may be used for. */
    enum Role {
        /** Text. */
        TEXT,
        /** Stands for what the vocabulary cannot write; text may hold it, unless the text spells out its name. */
        UNKNOWN,
        /** Comes from the template or the model alone. */
        WRAPPER,
        /** The same, and llama.cpp matches its name in text even when it is told not to parse special tokens. */
        MATCHED_WRAPPER
    }

    Vocabulary(llama_vocab vocab) {
        this.vocab = vocab;
        int size = Llama.llama_vocab_n_tokens(vocab);
        pieces = new byte[size][];
        endsTurn = new boolean[size];
        roles = new Role[size];
        byte[] buffer = new byte[64];
        for (int token = 0; token < size; token++) {
            roles[token] = roleOf(token);
            endsTurn[token] = Llama.llama_vocab_is_eog(vocab, token)
                    || (roles[token] != Role.TEXT && name(token).equals(ChatMl.TURN_START));
            if (roles[token] != Role.TEXT) {
                pieces[token] = NOTHING;
                continue;
            }
            int length = Llama.llama_token_to_piece(vocab, token, buffer, buffer.length, 0, false);
            if (length < 0) {
                buffer = new byte[-length];
                length = Llama.llama_token_to_piece(vocab, token, buffer, buffer.length, 0, false);
            }
            pieces[token] = Arrays.copyOf(buffer, length);
        }
    }

    private Role roleOf(int token) {
        int attributes = Llama.llama_vocab_get_attr(vocab, token);
        if ((attributes & Llama.LLAMA_TOKEN_ATTR_CONTROL) != 0) {
            return Role.WRAPPER;
        }
        boolean userDefined = (attributes & Llama.LLAMA_TOKEN_ATTR_USER_DEFINED) != 0;
        if (Llama.llama_vocab_is_eog(vocab, token)) {
            return userDefined ? Role.MATCHED_WRAPPER : Role.WRAPPER;
        }
        if (userDefined && looksLikeMarker(name(token))) {
            return Role.MATCHED_WRAPPER;
        }
        return (attributes & Llama.LLAMA_TOKEN_ATTR_UNKNOWN) != 0 ? Role.UNKNOWN : Role.TEXT;
    }

    /** User-defined tokens may also be plain words or runs of spaces; those stay text. */
    private static boolean looksLikeMarker(String name) {
        return name.length() >= 3
                && ((name.startsWith("<") && name.endsWith(">")) || (name.startsWith("[") && name.endsWith("]")));
    }

    /** Whether the markers of ChatML are tokens here. */
    boolean hasChatMl() {
        return List.of(ChatMl.TURN_START, ChatMl.TURN_END).stream()
                .map(marker -> tokenize(marker, true))
                .allMatch(ids -> ids.length == 1 && roles[ids[0]] != Role.TEXT);
    }

    llama_vocab handle() {
        return vocab;
    }

    /** Whether it gives no text and yet does not end generation in llama.cpp's eyes. */
    boolean silent(int token) {
        return roles[token] != Role.TEXT && !Llama.llama_vocab_is_eog(vocab, token);
    }

    int size() {
        return pieces.length;
    }

    Role role(int token) {
        return roles[token];
    }

    boolean endsTurn(int token) {
        return endsTurn[token];
    }

    /** The bytes that it adds to the text; not to be changed. */
    byte[] piece(int token) {
        return pieces[token];
    }

    /** As the vocabulary spells it. */
    String name(int token) {
        return Llama.llama_vocab_get_text(vocab, token).getString(StandardCharsets.UTF_8);
    }

    List<String> matchedWrappers() {
        return IntStream.range(0, size())
                .filter(token -> roles[token] == Role.MATCHED_WRAPPER)
                .mapToObj(this::name)
                .toList();
    }

    /** llama.cpp's ids of a text, nothing added. */
    int[] tokenize(String text, boolean parseSpecial) {
        byte[] bytes = utf8(text);
        if (bytes.length == 0) {
            return new int[0];
        }
        try (BytePointer native_ = new BytePointer(bytes)) {
            int[] ids = new int[bytes.length + 2]; // with a leading space there is a token more than bytes
            int count = Llama.llama_tokenize(vocab, native_, bytes.length, ids, ids.length, false, parseSpecial);
            if (count < 0) {
                throw new EngineException("llama.cpp makes " + -(long) count + " tokens of a text of " + bytes.length
                        + " bytes, more than there can be");
            }
            return Arrays.copyOf(ids, count);
        }
    }

    /** What is no character, such as half a surrogate pair, becomes U+FFFD. */
    static byte[] utf8(String text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .replaceWith(REPLACEMENT)
                    .encode(CharBuffer.wrap(text));
            return Arrays.copyOfRange(bytes.array(), bytes.arrayOffset(), bytes.arrayOffset() + bytes.limit());
        } catch (CharacterCodingException e) {
            throw new AssertionError("malformed text is replaced", e);
        }
    }
}
