package io.millrace.job;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * How the tokens of a job's samples are chosen. The samplers apply in llama.cpp's default order: logit bias and
 * penalties, then top-k, top-p, min-p, temperature, draw.
 *
 * <p>Immutable.
 *
 * @param maxTokens the most tokens a sample may have, at least 1
 * @param temperature divides the logits; 0 takes the most likely token
 * @param topK keep the k most likely tokens; 0 keeps all
 * @param topP keep the smallest set of most likely tokens whose probability reaches this; 1 keeps all
 * @param minP drop tokens less likely than this times the most likely one; 0 keeps all
 * @param repeatPenalty divides positive and multiplies negative logits of recent tokens; 1 is off
 * @param repeatLastN how many tokens back the penalties look, prompt included; 0 is off, -1 means all
 * @param presencePenalty subtracted from the logit of every recent token
 * @param frequencyPenalty subtracted from the logit of a recent token, times its count
 * @param logitBias token id to a number added to its logit; -100 or less bans the token
 * @param seed the job's own seed; without one it comes from the run's
 * @param stop texts that end a sample; they never appear in the output; at most 16, none empty
 * @param n samples of the job, 1 to 1,024
 * @param ignoreEos go on to maxTokens though the model ends its turn; not together with a format
 * @param answer the answers' format and what is told of them
 */
public record SamplingParams(
        int maxTokens,
        double temperature,
        int topK,
        double topP,
        double minP,
        double repeatPenalty,
        int repeatLastN,
        double presencePenalty,
        double frequencyPenalty,
        Map<Integer, Double> logitBias,
        OptionalLong seed,
        List<String> stop,
        int n,
        boolean ignoreEos,
        AnswerOptions answer) {

    public static final int DEFAULT_MAX_TOKENS = 256;
    public static final int MAX_SAMPLES = 1024;
    public static final int MAX_STOPS = 16;

    /** llama.cpp's defaults, with top-k 40, top-p 0.95, min-p 0.05 and temperature 0.8. */
    public static final SamplingParams DEFAULTS = new SamplingParams(
            DEFAULT_MAX_TOKENS,
            0.8,
            40,
            0.95,
            0.05,
            1.0,
            64,
            0.0,
            0.0,
            Map.of(),
            OptionalLong.empty(),
            List.of(),
            1,
            false);

    /** Without anything asked of the answer. */
    public SamplingParams(
            int maxTokens,
            double temperature,
            int topK,
            double topP,
            double minP,
            double repeatPenalty,
            int repeatLastN,
            double presencePenalty,
            double frequencyPenalty,
            Map<Integer, Double> logitBias,
            OptionalLong seed,
            List<String> stop,
            int n,
            boolean ignoreEos) {
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
                AnswerOptions.NONE);
    }

    public SamplingParams {
        require(maxTokens >= 1, "max_tokens", maxTokens, "at least 1");
        require(temperature >= 0 && temperature <= 100, "temperature", temperature, "from 0 to 100");
        require(topK >= 0, "top_k", topK, "0 (off) or more");
        require(topP > 0 && topP <= 1, "top_p", topP, "above 0 and at most 1 (off)");
        require(minP >= 0 && minP <= 1, "min_p", minP, "from 0 (off) to 1");
        require(repeatPenalty > 0 && repeatPenalty <= 10, "repeat_penalty", repeatPenalty, "above 0 (1 is off) to 10");
        require(repeatLastN >= -1, "repeat_last_n", repeatLastN, "-1 (all), 0 (off) or more");
        require(Math.abs(presencePenalty) <= 10, "presence_penalty", presencePenalty, "from -10 to 10");
        require(Math.abs(frequencyPenalty) <= 10, "frequency_penalty", frequencyPenalty, "from -10 to 10");
        require(n >= 1 && n <= MAX_SAMPLES, "n", n, "from 1 to " + MAX_SAMPLES);
        Objects.requireNonNull(seed, "seed");
        if (ignoreEos && answer.constrained()) {
            throw new InvalidFieldException(
                    "ignore_eos",
                    "true",
                    "must be false with a response_format or grammar, which says when a text ends");
        }
        logitBias = Map.copyOf(logitBias);
        for (Map.Entry<Integer, Double> bias : logitBias.entrySet()) {
            require(bias.getKey() >= 0, "logit_bias", bias.getKey(), "a map of token ids to numbers");
            require(
                    Double.isFinite(bias.getValue()),
                    "logit_bias",
                    bias.getValue(),
                    "a map of token ids to finite numbers");
        }
        stop = List.copyOf(stop);
        require(stop.size() <= MAX_STOPS, "stop", stop.size() + " texts", "at most " + MAX_STOPS + " texts");
        for (String text : stop) {
            require(!text.isEmpty(), "stop", "\"\"", "texts of at least one character");
        }
    }

    /** Whether the most likely token is always taken, so that all samples of a job are alike. */
    public boolean greedy() {
        return temperature == 0 || topK == 1;
    }

    /** The same with this asked of the answer. */
    public SamplingParams with(AnswerOptions newAnswer) {
        return new SamplingParams(
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
                newAnswer);
    }

    private static void require(boolean holds, String field, Object value, String allowed) {
        if (!holds) {
            throw new InvalidFieldException(field, String.valueOf(value), "must be " + allowed);
        }
    }
}
