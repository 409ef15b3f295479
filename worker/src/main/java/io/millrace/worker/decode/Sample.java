package io.millrace.worker.decode;

import io.millrace.job.Choice;
import io.millrace.job.FinishReason;
import io.millrace.job.SamplingParams;
import io.millrace.worker.chat.LoopDetector;
import io.millrace.worker.chat.OutputText;
import io.millrace.worker.schedule.Sequence;
import java.util.Optional;

/**
 * One sample of an attempt: its sequence, and its text while that grows.
 *
 * <p>Confined to the decode thread.
 */
final class Sample {
    final Attempt attempt;
    final Sequence sequence;
    final long seed;
    final OutputText text;

    private final int maxTokens;
    private final boolean ignoreEos;
    private final Optional<TokenScores> scores;
    private final Optional<LoopDetector> loops;
    private int completionTokens;
    private Choice choice;

    Sample(Attempt attempt, Sequence sequence) {
        SamplingParams params = attempt.job().params();
        this.attempt = attempt;
        this.sequence = sequence;
        this.seed = attempt.job().sampleSeed(sequence.sample());
        this.text = new OutputText(attempt.stops());
        this.maxTokens = params.maxTokens();
        this.ignoreEos = params.ignoreEos();
        this.scores = params.answer().topLogprobs().isPresent() ? Optional.of(new TokenScores()) : Optional.empty();
        int window = params.answer().loopStop();
        this.loops = window > 0 ? Optional.of(new LoopDetector(window)) : Optional.empty();
    }

    /** Whether the log probabilities of its tokens are to be told. */
    boolean scored() {
        return scores.isPresent();
    }

    /** Of the token that {@link #take} gets next. */
    void score(Scores next, Tokenizer tokenizer) {
        scores.orElseThrow().add(next, tokenizer);
    }

    /**
     * Takes the next token.
     *
     * @return whether the sample has ended; {@link #choice} has it then
     */
    boolean take(int token, Tokenizer tokenizer) {
        completionTokens++;
        if (!ignoreEos && tokenizer.endsTurn(token)) {
            return end(FinishReason.STOP);
        }
        if (text.append(tokenizer.piece(token))) {
            return end(FinishReason.STOP);
        }
        if (loops.isPresent() && loops.get().take(token)) {
            return end(FinishReason.REPETITION);
        }
        return completionTokens == maxTokens && end(FinishReason.LENGTH);
    }

    int completionTokens() {
        return completionTokens;
    }

    Choice choice() {
        return choice;
    }

    private boolean end(FinishReason reason) {
        choice = new Choice(
                sequence.sample(),
                text.text(),
                reason,
                completionTokens,
                seed,
                scores.map(tokens -> tokens.upTo(text.length())));
        return true;
    }
}
