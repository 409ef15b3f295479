package io.millrace.worker.decode;

import io.millrace.job.FailureKind;
import io.millrace.job.Job;
import io.millrace.worker.chat.ChatMl;
import io.millrace.worker.pipeline.Decoder.Outcome;
import io.millrace.worker.pipeline.EngineInfo;

/**
 * Renders and tokenises a job's prompt and checks what can be checked before it has a slot.
 *
 * <p>Thread-safe.
 */
public final class PromptReader {
    private final Tokenizer tokenizer;
    private final int slotTokens;

    public PromptReader(Tokenizer tokenizer, EngineInfo info) {
        this.tokenizer = tokenizer;
        this.slotTokens = info.slotTokens();
    }

    /** The attempt made ready, or refused with the reason. */
    public Arrival read(long ticket, Job job, long takenNanos) {
        for (int token : job.params().logitBias().keySet()) {
            if (token >= tokenizer.size()) {
                return refused(
                        ticket,
                        FailureKind.INVALID_JOB,
                        "logit_bias names token " + token + ", but the model's tokens are 0 to "
                                + (tokenizer.size() - 1));
            }
        }
        int[] prompt;
        try {
            if (job.params().answer().constrained()) {
                tokenizer.check(job.params().answer().format());
            }
            prompt = tokenizer.encode(
                    ChatMl.render(job.messages(), job.params().answer().prefill()));
        } catch (EngineException e) {
            return refused(ticket, FailureKind.INVALID_JOB, e.getMessage());
        }
        if (prompt.length == 0) {
            return refused(ticket, FailureKind.INVALID_JOB, "the prompt has no tokens");
        }
        long needed = (long) prompt.length + job.params().maxTokens();
        if (needed > slotTokens) {
            return refused(
                    ticket,
                    FailureKind.CONTEXT_WINDOW_EXCEEDED,
                    "the prompt has " + prompt.length + " tokens and max_tokens is "
                            + job.params().maxTokens() + ", together " + needed + ", but a slot has " + slotTokens
                            + ": shorten the prompt, lower max_tokens or give the worker's slots more context");
        }
        return new Arrival.Prepared(ticket, job, prompt, takenNanos);
    }

    private static Arrival refused(long ticket, FailureKind kind, String message) {
        return new Arrival.Rejected(new Outcome.Refused(ticket, kind, message));
    }
}
