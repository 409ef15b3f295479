package io.millrace.producer.plan;

import io.millrace.job.AnswerOptions;
import io.millrace.job.OutputFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a task itself asks of its answers; what is empty stays as the run has it. The fields mean what those of {@link
 * AnswerOptions} do.
 *
 * <p>Immutable.
 */
public record AnswerPatch(
        Optional<OutputFormat> format,
        Optional<OptionalInt> topLogprobs,
        Optional<String> prefill,
        OptionalInt loopStop,
        Optional<String> lora) {

    /** Changes nothing. */
    public static final AnswerPatch NONE = new AnswerPatch(
            Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty());

    public AnswerPatch {
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(topLogprobs, "topLogprobs");
        Objects.requireNonNull(prefill, "prefill");
        Objects.requireNonNull(loopStop, "loopStop");
        Objects.requireNonNull(lora, "lora");
    }

    /** @throws io.millrace.job.InvalidFieldException when a value is out of its range */
    AnswerOptions applyTo(AnswerOptions base) {
        if (equals(NONE)) {
            return base;
        }
        return new AnswerOptions(
                format.orElse(base.format()),
                topLogprobs.orElse(base.topLogprobs()),
                prefill.orElse(base.prefill()),
                loopStop.orElse(base.loopStop()),
                lora.orElse(base.lora()));
    }
}
