package io.millrace.worker.decode;

import io.millrace.job.AnswerOptions;
import io.millrace.job.Choice;
import io.millrace.job.FailureKind;
import io.millrace.job.Job;
import io.millrace.job.Timings;
import io.millrace.job.Usage;
import io.millrace.worker.chat.StopMatcher;
import io.millrace.worker.pipeline.Decoder.Outcome;
import io.millrace.worker.schedule.Sequence;
import java.util.List;

/**
 * A job that the engine works on: its sequences, and the samples that have ended.
 *
 * <p>Confined to the decode thread.
 */
final class Attempt {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Arrival.Prepared prepared;
    private final StopMatcher stops;
    private final Sequence[] sequences;
    private final Choice[] choices;
    private int open;
    private int completionTokens;

    private boolean started;
    private long startedNanos;
    private boolean answering;
    private long firstTokenNanos;

    /** @param following whether samples may draw from one row while they have the same tokens */
    Attempt(Arrival.Prepared prepared, boolean following) {
        this.prepared = prepared;
        this.stops = new StopMatcher(job().params().stop());
        int n = job().params().n();
        this.sequences = new Sequence[n];
        this.choices = new Choice[n];
        this.open = n;
        boolean follows = following && n > 1 && alike(job().params().answer());
        for (int sample = 0; sample < n; sample++) {
            sequences[sample] = new Sequence(
                    prepared.ticket(),
                    sample,
                    prepared.prompt(),
                    job().params().maxTokens(),
                    prepared.adapter(),
                    follows);
        }
    }

    /** A grammar changes the row by what a sample drew from it, and log probabilities want the row as it was. */
    private static boolean alike(AnswerOptions answer) {
        return !answer.constrained() && answer.topLogprobs().isEmpty();
    }

    long ticket() {
        return prepared.ticket();
    }

    Job job() {
        return prepared.job();
    }

    StopMatcher stops() {
        return stops;
    }

    Sequence[] sequences() {
        return sequences;
    }

    boolean started() {
        return started;
    }

    /** The first prompt token is being decoded. */
    void start(long nanos) {
        started = true;
        startedNanos = nanos;
    }

    /** A token of one of its samples was drawn. */
    void answered(long nanos) {
        if (!answering) {
            answering = true;
            firstTokenNanos = nanos;
        }
    }

    /**
     * A sample has ended.
     *
     * @return whether it was the last one
     */
    boolean end(Sample sample) {
        choices[sample.sequence.sample()] = sample.choice();
        completionTokens += sample.completionTokens();
        open--;
        return open == 0;
    }

    Outcome outcome(long nowNanos) {
        Usage usage = new Usage(prepared.prompt().length, completionTokens, sequences[0].cachedTokens());
        Timings timings = new Timings(
                millis(startedNanos - prepared.takenNanos()),
                millis(firstTokenNanos - startedNanos),
                millis(nowNanos - firstTokenNanos));
        return new Outcome.Answered(ticket(), List.of(choices), usage, timings);
    }

    /** The outcome when a sample cannot go on. */
    Outcome withoutToken(Sample sample) {
        String where = " after " + sample.completionTokens() + " tokens of sample " + sample.sequence.sample() + ": ";
        if (job().params().answer().constrained()) {
            return new Outcome.Refused(
                    ticket(),
                    FailureKind.INVALID_JOB,
                    "no token of this model goes on" + where + "response_format or grammar, together with logit_bias,"
                            + " allow none that the vocabulary can write");
        }
        return new Outcome.Refused(
                ticket(),
                FailureKind.ENGINE_ERROR,
                "no token can be drawn" + where
                        + "the model's logits are not numbers, or logit_bias bans every token that has one");
    }

    private static double millis(long nanos) {
        return nanos / NANOS_PER_MILLI;
    }
}
