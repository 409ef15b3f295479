package io.millrace.worker.decode;

import io.millrace.job.TokenLogprob;
import java.util.ArrayList;
import java.util.List;

/**
 * The log probabilities of a sample's tokens while it grows.
 *
 * <p>Confined to the decode thread.
 */
final class TokenScores {
    private final List<TokenLogprob> tokens = new ArrayList<>();

    void add(Scores scores, Tokenizer tokenizer) {
        List<TokenLogprob.Scored> all = new ArrayList<>(scores.tokens().length);
        for (int i = 0; i < scores.tokens().length; i++) {
            all.add(TokenLogprob.Scored.of(tokenizer.piece(scores.tokens()[i]), scores.logprobs()[i]));
        }
        tokens.add(new TokenLogprob(all.get(0), all.subList(1, all.size())));
    }

    /** Those of the tokens that a text of so many bytes consists of: the ending token and a stop text are not in it. */
    List<TokenLogprob> upTo(int bytes) {
        List<TokenLogprob> kept = new ArrayList<>();
        int length = 0;
        for (TokenLogprob token : tokens) {
            if (length >= bytes) {
                break;
            }
            kept.add(token);
            length += token.chosen().bytes().size();
        }
        return kept;
    }
}
