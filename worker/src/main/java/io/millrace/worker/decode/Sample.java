package io.millrace.worker.decode;

import io.millrace.job.Choice;
import io.millrace.job.FinishReason;
import io.millrace.job.SamplingParams;
import io.millrace.worker.chat.OutputText;
import io.millrace.worker.schedule.Sequence;

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
        return completionTokens == maxTokens && end(FinishReason.LENGTH);
    }

    int completionTokens() {
        return completionTokens;
    }

    Choice choice() {
        return choice;
    }

    private boolean end(FinishReason reason) {
        choice = new Choice(sequence.sample(), text.text(), reason, completionTokens, seed);
        return true;
    }
}
