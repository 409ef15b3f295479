package io.millrace.worker.llama;

import io.millrace.job.SamplingParams;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The probabilities that the parameters ask for, computed the plain way in doubles: llama.cpp's default order over the
 * whole vocabulary.
 */
final class ExactSampler {
    private ExactSampler() {}

    static double[] probabilities(float[] row, SamplingParams params, int[] prompt) {
        double[] logits = new double[row.length];
        for (int i = 0; i < row.length; i++) {
            logits[i] = row[i];
        }
        params.logitBias()
                .forEach((id, bias) -> logits[id] = bias <= -100 ? Double.NEGATIVE_INFINITY : logits[id] + bias);
        penalize(logits, params, prompt);
        List<Integer> kept = IntStream.range(0, logits.length)
                .boxed()
                .filter(id -> Double.isFinite(logits[id]))
                .sorted(Comparator.comparingDouble((Integer id) -> -logits[id]).thenComparing(id -> id))
                .toList();
        if (params.topK() > 0) {
            kept = kept.subList(0, Math.min(params.topK(), kept.size()));
        }
        double peak = logits[kept.get(0)];
        if (params.topP() < 1) {
            double total =
                    kept.stream().mapToDouble(id -> Math.exp(logits[id] - peak)).sum();
            double reached = 0;
            int count = 0;
            while (count < kept.size() && reached < params.topP() * total) {
                reached += Math.exp(logits[kept.get(count++)] - peak);
            }
            kept = kept.subList(0, count);
        }
        if (params.minP() > 0) {
            double least = peak + Math.log(params.minP());
            kept = kept.stream().filter(id -> logits[id] >= least).toList();
        }
        double[] probabilities = new double[row.length];
        kept.forEach(id -> probabilities[id] = Math.exp((logits[id] - peak) / params.temperature()));
        double total = Arrays.stream(probabilities).sum();
        return Arrays.stream(probabilities).map(weight -> weight / total).toArray();
    }

    /** llama_sampler_penalties' formula. */
    static void penalize(double[] logits, SamplingParams params, int[] tokens) {
        int from = params.repeatLastN() < 0 ? 0 : Math.max(0, tokens.length - params.repeatLastN());
        Map<Integer, Integer> counts = new HashMap<>();
        for (int i = from; i < tokens.length; i++) {
            counts.merge(tokens[i], 1, Integer::sum);
        }
        counts.forEach((id, count) -> {
            double logit = logits[id];
            logit = logit <= 0 ? logit * params.repeatPenalty() : logit / params.repeatPenalty();
            logits[id] = logit - count * params.frequencyPenalty() - params.presencePenalty();
        });
    }
}
