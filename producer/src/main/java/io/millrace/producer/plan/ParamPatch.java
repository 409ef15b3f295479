package io.millrace.producer.plan;

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
        Optional<Boolean> ignoreEos) {

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

    public ParamPatch {
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
     * @throws io.millrace.job.InvalidFieldException when a value of the patch is out of its range; which base it is
     *     applied to does not matter, since no range depends on another field
     */
    public SamplingParams applyTo(SamplingParams base) {
        if (this == NONE) {
            return base;
        }
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
                ignoreEos.orElse(base.ignoreEos()));
    }
}
