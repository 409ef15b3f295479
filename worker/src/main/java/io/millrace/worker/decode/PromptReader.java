package io.millrace.worker.decode;

import io.millrace.job.FailureKind;
import io.millrace.job.Job;
import io.millrace.worker.pipeline.Decoder.Outcome;
import io.millrace.worker.pipeline.EngineInfo;
import java.util.List;

/**
 * Renders and tokenises a job's prompt and checks what can be checked before it has a slot.
 *
 * <p>Thread-safe.
 */
public final class PromptReader {
    private final Tokenizer tokenizer;
    private final int slotTokens;
    private final List<String> adapters;

    public PromptReader(Tokenizer tokenizer, EngineInfo info) {
        this.tokenizer = tokenizer;
        this.slotTokens = info.slotTokens();
        this.adapters = info.adapters();
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
        String lora = job.params().answer().lora();
        if (!lora.isEmpty() && !adapters.contains(lora)) {
            return refused(
                    ticket,
                    FailureKind.INVALID_JOB,
                    "lora names adapter '" + lora + "', but this worker has "
                            + (adapters.isEmpty() ? "none" : String.join(", ", adapters))
                            + ": start workers with --lora-modules " + lora + "=FILE");
        }
        int[] prompt;
        try {
            if (job.params().answer().constrained()) {
                tokenizer.check(job.params().answer().format());
            }
            prompt = tokenizer.encode(
                    tokenizer.render(job.messages(), job.params().answer().prefill()));
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
        return new Arrival.Prepared(ticket, job, prompt, lora.isEmpty() ? 0 : adapters.indexOf(lora) + 1, takenNanos);
    }

    private static Arrival refused(long ticket, FailureKind kind, String message) {
        return new Arrival.Rejected(new Outcome.Refused(ticket, kind, message));
    }
}
