package io.millrace.worker.app;

import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.Message;
import io.millrace.job.SamplingParams;
import io.millrace.worker.decode.Arrival;
import io.millrace.worker.decode.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The jobs of a benchmark: prompts of random tokens, lengths drawn evenly between two bounds, always the same for the same
 * seed. Every job goes on to its {@code max_tokens}, so that the amount of work is known.
 *
 * <p>Immutable.
 *
 * @param jobs how many
 * @param sharedTokens what all prompts begin with
 * @param promptTokens least and most tokens of a prompt behind that
 * @param maxTokens least and most tokens of a completion
 * @param sampling the samplers; lengths, seed and {@code ignore_eos} are the mix's own
 */
public record BenchMix(int jobs, int sharedTokens, Bounds promptTokens, Bounds maxTokens, SamplingParams sampling) {
    private static final long SEED = 20261123;

    /** Least and most. */
    public record Bounds(int least, int most) {
        public Bounds {
            if (least < 1 || most < least) {
                throw new IllegalArgumentException("from " + least + " to " + most + " is no range of tokens");
            }
        }

        /** Reads {@code 128} or {@code 16-512}. */
        public static Bounds parse(String text) {
            if (!text.matches("[0-9]{1,7}(-[0-9]{1,7})?")) {
                throw new IllegalArgumentException("'" + text + "' is no range of tokens, such as 128 or 16-512");
            }
            String[] parts = text.split("-");
            return new Bounds(Integer.parseInt(parts[0]), Integer.parseInt(parts[parts.length - 1]));
        }

        private int draw(Random random) {
            return least + random.nextInt(most - least + 1);
        }
    }

    public BenchMix {
        if (jobs < 1 || sharedTokens < 0) {
            throw new IllegalArgumentException(jobs + " jobs that share " + sharedTokens + " tokens are no mix");
        }
    }

    /** The most tokens that a sample of it takes. */
    int mostTokens() {
        return sharedTokens + promptTokens.most() + maxTokens.most();
    }

    /** A full house of equal sequences, for the rate of decoding alone. */
    BenchMix ceiling(int slots) {
        return new BenchMix(
                slots,
                0,
                new Bounds(promptTokens.most(), promptTokens.most()),
                new Bounds(maxTokens.most(), maxTokens.most()),
                sampling);
    }

    List<Arrival> arrivals(Tokenizer tokenizer, long now) {
        int[] words = IntStream.range(0, tokenizer.size())
                .filter(token -> tokenizer.piece(token).length > 0 && !tokenizer.endsTurn(token))
                .toArray();
        Random random = new Random(SEED);
        int[] shared = tokens(random, words, sharedTokens);
        List<Arrival> arrivals = new ArrayList<>(jobs);
        for (int i = 0; i < jobs; i++) {
            int[] own = tokens(random, words, promptTokens.draw(random));
            int[] prompt =
                    IntStream.concat(IntStream.of(shared), IntStream.of(own)).toArray();
            arrivals.add(new Arrival.Prepared(i, job(i, maxTokens.draw(random)), prompt, 0, now));
        }
        return arrivals;
    }

    private Job job(int index, int completionTokens) {
        SamplingParams params = new SamplingParams(
                completionTokens,
                sampling.temperature(),
                sampling.topK(),
                sampling.topP(),
                sampling.minP(),
                sampling.repeatPenalty(),
                sampling.repeatLastN(),
                sampling.presencePenalty(),
                sampling.frequencyPenalty(),
                Map.of(),
                OptionalLong.empty(),
                List.of(),
                sampling.n(),
                true);
        return new Job(
                new JobId("bench", index), "bench-" + index, List.of(new Message(Message.USER, "")), params, SEED, "");
    }

    private static int[] tokens(Random random, int[] words, int count) {
        return IntStream.generate(() -> words[random.nextInt(words.length)])
                .limit(count)
                .toArray();
    }
}
