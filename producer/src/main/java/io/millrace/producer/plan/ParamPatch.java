package io.millrace.producer.plan;

import io.millrace.job.AnswerOptions;
import io.millrace.job.SamplingParams;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The sampling parameters that a task itself gives; what is empty stays as the run has it. The fields mean what those of
 * {@link SamplingParams} do.
 *
 * <p>Immutable.
 */
public record ParamPatch(
        OptionalInt maxTokens,
        OptionalDouble temperature,
        OptionalInt topK,
        OptionalDouble topP,
        OptionalDouble minP,
        OptionalDouble repeatPenalty,
        OptionalInt repeatLastN,
        OptionalDouble presencePenalty,
        OptionalDouble frequencyPenalty,
        Optional<Map<Integer, Double>> logitBias,
        OptionalLong seed,
        Optional<List<String>> stop,
        OptionalInt n,
        Optional<Boolean> ignoreEos,
        AnswerPatch answer) {

    /** Changes nothing. */
    public static final ParamPatch NONE = new ParamPatch(
            OptionalInt.empty(),
            OptionalDouble.empty(),
            OptionalInt.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalInt.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty());

    /** Asking nothing of the answers. */
    public ParamPatch(
            OptionalInt maxTokens,
            OptionalDouble temperature,
            OptionalInt topK,
            OptionalDouble topP,
            OptionalDouble minP,
            OptionalDouble repeatPenalty,
            OptionalInt repeatLastN,
            OptionalDouble presencePenalty,
            OptionalDouble frequencyPenalty,
            Optional<Map<Integer, Double>> logitBias,
            OptionalLong seed,
            Optional<List<String>> stop,
            OptionalInt n,
            Optional<Boolean> ignoreEos) {
        this(
                maxTokens,
                temperature,
                topK,
                topP,
                minP,
                repeatPenalty,
                repeatLastN,
                presencePenalty,
                frequencyPenalty,
                logitBias,
                seed,
                stop,
                n,
                ignoreEos,
                AnswerPatch.NONE);
    }

    public ParamPatch {
        Objects.requireNonNull(answer, "answer");
        Objects.requireNonNull(maxTokens, "maxTokens");
        Objects.requireNonNull(temperature, "temperature");
        Objects.requireNonNull(topK, "topK");
        Objects.requireNonNull(topP, "topP");
        Objects.requireNonNull(minP, "minP");
        Objects.requireNonNull(repeatPenalty, "repeatPenalty");
        Objects.requireNonNull(repeatLastN, "repeatLastN");
        Objects.requireNonNull(presencePenalty, "presencePenalty");
        Objects.requireNonNull(frequencyPenalty, "frequencyPenalty");
        Objects.requireNonNull(seed, "seed");
        Objects.requireNonNull(n, "n");
        Objects.requireNonNull(ignoreEos, "ignoreEos");
        logitBias = logitBias.map(Map::copyOf);
        stop = stop.map(List::copyOf);
    }

    /**
     * The parameters with this patch on them.
     *
     * @throws io.millrace.job.InvalidFieldException when a value of the patch is out of its range, or it has ignore_eos
     *     and a format together
     */
    public SamplingParams applyTo(SamplingParams base) {
        if (this == NONE) {
            return base;
        }
        AnswerOptions answers = answer.applyTo(base.answer());
        // Between a line and its run a format goes before ignore_eos; in one line they are a contradiction.
        boolean contradicts = ignoreEos.orElse(false) && answer.format().isPresent();
        boolean goesOn = ignoreEos.orElse(base.ignoreEos()) && (contradicts || !answers.constrained());
        return new SamplingParams(
                maxTokens.orElse(base.maxTokens()),
                temperature.orElse(base.temperature()),
                topK.orElse(base.topK()),
                topP.orElse(base.topP()),
                minP.orElse(base.minP()),
                repeatPenalty.orElse(base.repeatPenalty()),
                repeatLastN.orElse(base.repeatLastN()),
                presencePenalty.orElse(base.presencePenalty()),
                frequencyPenalty.orElse(base.frequencyPenalty()),
                logitBias.orElse(base.logitBias()),
                seed.isPresent() ? seed : base.seed(),
                stop.orElse(base.stop()),
                n.orElse(base.n()),
                goesOn,
                answers);
    }
}
