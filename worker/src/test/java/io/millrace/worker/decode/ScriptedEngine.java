package io.millrace.worker.decode;

import io.millrace.job.SamplingParams;
import io.millrace.worker.pipeline.EngineInfo;
import io.millrace.worker.schedule.ModelledCache;
import io.millrace.worker.schedule.SavedCells;
import io.millrace.worker.schedule.StepPlan;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * An engine without a model: it answers by a script, from nothing but the tokens in the slot's cache, so that a wrong
 * cache gives a wrong answer. It refuses plans that a real engine would refuse.
 *
 * <p>Confined to the decode thread.
 */
public final class ScriptedEngine implements Engine {
    /** Answers with the last message, in angle brackets; above temperature 0 with the seed behind it. */
    public static final Script ECHO =
            (message, greedy, seed) -> "<" + message + ">" + (greedy ? "" : Long.toHexString(seed));

    /** A job with this frequency penalty gets no sampler. */
    public static final double REFUSED_PENALTY = 9.5;

    private final EngineInfo info;
    private final Tokenizer tokenizer = new ByteTokenizer();
    private final Script script;
    private final List<Fault> faults;
    private final ModelledCache cache;
    private final int[][] prompts;
    private final boolean[] greedy;
    private final long[] seeds;
    private int steps;
    private boolean closed;

    /** What the model would say. */
    public interface Script {
        String answer(String lastMessage, boolean greedy, long seed);
    }

    public ScriptedEngine(int slots, int slotTokens, int stepTokens, Script script, List<Fault> faults) {
        this.info = new EngineInfo(
                "scripted.gguf",
                "00",
                "scripted",
                "none",
                "chatml",
                "scripted 1",
                1,
                1,
                slotTokens,
                10_000,
                slots,
                slotTokens,
                stepTokens,
                1,
                "none",
                1);
        this.script = script;
        this.faults = List.copyOf(faults);
        this.cache = new ModelledCache(slots, slotTokens, stepTokens);
        this.prompts = new int[slots][];
        this.greedy = new boolean[slots];
        this.seeds = new long[slots];
    }

    @Override
    public EngineInfo info() {
        return info;
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public void seat(int slot, SamplingParams params, long seed, int[] prompt) {
        if (params.frequencyPenalty() == REFUSED_PENALTY) {
            throw new EngineException("no sampler with a frequency penalty of " + REFUSED_PENALTY);
        }
        prompts[slot] = prompt;
        greedy[slot] = params.greedy();
        seeds[slot] = seed;
    }

    @Override
    public boolean savesCells() {
        return true;
    }

    @Override
    public SavedCells save(int slot, int from, int to) {
        return cache.save(slot, from, to);
    }

    @Override
    public void step(StepPlan plan, int[] out) {
        steps++;
        for (Fault fault : faults) {
            if (fault.step() == steps) {
                happen(fault, plan);
            }
        }
        cache.apply(plan);
        int next = 0;
        for (int i = 0; i < plan.tokenCount(); i++) {
            for (int left = plan.draws(i); left > 0; left--) {
                out[next] = answer(plan.drawSlot(next), cache.content(plan.slot(i)));
                next++;
            }
        }
    }

    @Override
    public Scores scores(int slot) {
        throw new EngineException("a script has no probabilities");
    }

    @Override
    public void close() {
        closed = true;
    }

    public boolean closed() {
        return closed;
    }

    public int steps() {
        return steps;
    }

    private void happen(Fault fault, StepPlan plan) {
        if (fault instanceof Fault.ThrowAtStep failing) {
            for (int i = 0; i < plan.operationCount(); i++) {
                cache.lose(plan.operationSlot(i));
            }
            for (int i = 0; i < plan.tokenCount(); i++) {
                cache.lose(plan.slot(i));
            }
            throw new EngineException(failing.message());
        } else if (fault instanceof Fault.Stall stall) {
            stall.begun().countDown();
            try {
                stall.released().await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("the decode thread was interrupted", e);
            }
        } else if (fault instanceof Fault.DieAtStep dying) {
            Runtime.getRuntime().halt(dying.status());
        }
    }

    private int answer(int slot, int[] content) {
        int[] prompt = prompts[slot];
        if (!Arrays.equals(content, 0, prompt.length, prompt, 0, prompt.length)) {
            throw new AssertionError("slot " + slot + " holds another prompt than it was seated with");
        }
        int answerTurn = lastStart(prompt, prompt.length);
        int lastTurn = lastStart(prompt, answerTurn);
        String message = new String(ByteTokenizer.bytes(prompt, lastTurn, answerTurn), StandardCharsets.UTF_8);
        String lastMessage = message.substring(message.indexOf('\n') + 1, message.length() - 1);
        byte[] answer = script.answer(lastMessage, greedy[slot], seeds[slot]).getBytes(StandardCharsets.UTF_8);
        byte[] said = ByteTokenizer.bytes(content, prompt.length, content.length);
        int length = Math.min(said.length, answer.length);
        if (!Arrays.equals(said, 0, length, answer, 0, length)) {
            throw new AssertionError("slot " + slot + " holds '" + new String(said, StandardCharsets.UTF_8)
                    + "' of the answer '" + new String(answer, StandardCharsets.UTF_8) + "'");
        }
        return said.length < answer.length ? answer[said.length] & 0xff : ByteTokenizer.TURN_END;
    }

    private static int lastStart(int[] tokens, int before) {
        for (int i = before - 1; i >= 0; i--) {
            if (tokens[i] == ByteTokenizer.TURN_START) {
                return i;
            }
        }
        throw new AssertionError("the prompt has too few turns");
    }
}
