package io.millrace.worker.llama;

import io.millrace.job.AnswerOptions;
import io.millrace.job.SamplingParams;
import io.millrace.llamacpp.Llama;
import io.millrace.llamacpp.llama_context;
import io.millrace.llamacpp.llama_vocab;
import io.millrace.llamacpp.millrace_samplers;
import io.millrace.llamacpp.millrace_sampling;
import io.millrace.worker.decode.Engine;
import io.millrace.worker.decode.EngineException;
import io.millrace.worker.decode.Scores;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;

/**
 * The samplers of all slots (native, see sampler.h). A slot's draws depend on its seed, its prompt and its logits alone:
 * not on other slots, nor on how many threads sample.
 *
 * <p>Confined to the decode thread.
 */
final class SlotSamplers implements AutoCloseable {
    /** A bias that bans. */
    private static final double BAN = -100;
    /** More than any logit, and finite as a float. */
    private static final double LARGEST_BIAS = 1e30;

    private final millrace_samplers samplers;
    private final millrace_sampling sampling = new millrace_sampling();
    private final int slots;
    private final int vocabularySize;
    private final IntPointer slotPointer;
    private final IntPointer outputPointer;
    private final IntPointer tokenPointer;
    private final IntBuffer slotBuffer;
    private final IntBuffer outputBuffer;
    private final IntBuffer tokenBuffer;
    private int count;

    SlotSamplers(int slots, int vocabularySize, int threads) {
        this.slots = slots;
        this.vocabularySize = vocabularySize;
        samplers = Llama.millrace_samplers_new(slots, vocabularySize, Math.min(threads, slots));
        slotPointer = new IntPointer(slots);
        outputPointer = new IntPointer(slots);
        tokenPointer = new IntPointer(slots);
        slotBuffer = slotPointer.asBuffer();
        outputBuffer = outputPointer.asBuffer();
        tokenBuffer = tokenPointer.asBuffer();
    }

    /**
     * Readies a slot for a new sequence.
     *
     * @throws EngineException when a parameter does not go with this vocabulary
     */
    void seat(int slot, SamplingParams params, long seed, int[] prompt) {
        if (slot < 0 || slot >= slots) {
            throw new IllegalArgumentException("slot " + slot + " of " + slots);
        }
        for (int token : prompt) {
            checkToken("the prompt", token);
        }
        Map<Integer, Double> biases = params.logitBias();
        int[] biasIds = new int[biases.size()];
        float[] biasValues = new float[biases.size()];
        int banned = 0;
        int next = 0;
        for (Map.Entry<Integer, Double> bias : biases.entrySet()) {
            checkToken("logit_bias", bias.getKey());
            boolean ban = bias.getValue() <= BAN;
            banned += ban ? 1 : 0;
            biasIds[next] = bias.getKey();
            biasValues[next++] = ban ? Float.NEGATIVE_INFINITY : (float) Math.min(bias.getValue(), LARGEST_BIAS);
        }
        if (banned == vocabularySize) {
            throw new EngineException("logit_bias bans all " + vocabularySize + " tokens; leave one");
        }
        sampling.temperature((float) params.temperature())
                .top_k(params.topK())
                .top_p(params.topP())
                .min_p((float) params.minP())
                .repeat_penalty((float) params.repeatPenalty())
                .repeat_last_n(params.repeatLastN())
                .presence_penalty((float) params.presencePenalty())
                .frequency_penalty((float) params.frequencyPenalty())
                .seed(seed);
        Llama.millrace_samplers_seat(
                samplers, slot, sampling, biasIds, biasValues, biasIds.length, prompt, prompt.length);
    }

    private void checkToken(String where, int token) {
        if (token < 0 || token >= vocabularySize) {
            throw new EngineException(
                    where + " names token " + token + "; this model has the tokens 0 to " + (vocabularySize - 1));
        }
    }

    /** Names a token that adds nothing to a text and that a grammar must not take for its name. */
    void ban(int token) {
        Llama.millrace_samplers_ban(samplers, token);
    }

    /** Holds the sequence seated last to a grammar, which ends with a NUL. */
    void constrain(int slot, llama_vocab vocab, byte[] gbnf) {
        try (BytePointer text = new BytePointer(gbnf)) {
            if (!Llama.millrace_samplers_constrain(samplers, slot, vocab, text)) {
                throw new EngineException("llama.cpp refuses a grammar that it took before");
            }
        }
    }

    /** Keeps the log probabilities of what the sequence seated last draws, and of so many tokens in its place. */
    void score(int slot, int top) {
        Llama.millrace_samplers_score(samplers, slot, Math.min(top, vocabularySize));
    }

    /** Of the token sampled last in the slot. */
    Scores scores(int slot) {
        int[] tokens = new int[AnswerOptions.MAX_TOP_LOGPROBS + 1];
        float[] logprobs = new float[tokens.length];
        int count = Llama.millrace_samplers_scores(samplers, slot, tokens, logprobs, tokens.length);
        return new Scores(Arrays.copyOf(tokens, count), Arrays.copyOf(logprobs, count));
    }

    /** Forgets what was asked for. */
    void clear() {
        count = 0;
    }

    /** Asks for the token that follows the one at this index of the batch; several slots of one row one after the other. */
    void ask(int slot, int output) {
        slotBuffer.put(count, slot);
        outputBuffer.put(count++, output);
    }

    /** Samples all that was asked for, in one call; {@link Engine#NO_TOKEN} where none can be drawn. */
    void sample(llama_context context, int[] tokens) {
        if (count == 0) {
            return;
        }
        if (!Llama.millrace_samplers_sample(samplers, context, slotPointer, outputPointer, tokenPointer, count)) {
            throw new EngineException("llama.cpp gave no logits for one of " + count + " outputs");
        }
        tokenBuffer.get(0, tokens, 0, count);
    }

    /**
     * Draws from given logits, for tests.
     *
     * @param accept whether the penalties see the tokens drawn before; else each draw is like the first
     */
    void draw(int slot, float[] logits, int[] tokens, boolean accept) {
        if (logits.length != vocabularySize) {
            throw new IllegalArgumentException(logits.length + " logits, " + vocabularySize + " tokens");
        }
        Llama.millrace_samplers_draw(samplers, slot, logits, tokens, tokens.length, accept);
    }

    @Override
    public void close() {
        Llama.millrace_samplers_free(samplers);
        sampling.close();
        slotPointer.close();
        outputPointer.close();
        tokenPointer.close();
    }
}
