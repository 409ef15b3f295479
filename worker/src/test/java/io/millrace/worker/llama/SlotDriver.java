package io.millrace.worker.llama;

import io.millrace.job.Message;
import io.millrace.job.SamplingParams;
import io.millrace.worker.chat.ChatMl;
import io.millrace.worker.schedule.StepPlan;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The simplest loop over an engine: each prompt in its slot, all prompts first, then a token a step for each. */
final class SlotDriver {
    private final LlamaEngine engine;
    private final StepPlan plan = new StepPlan();
    private final List<Running> running = new ArrayList<>();

    private static final class Running {
        private final int slot;
        private final int[] prompt;
        private final List<Integer> drawn = new ArrayList<>();
        private int decoded;
        private boolean ended;

        Running(int slot, int[] prompt, int decoded) {
            this.slot = slot;
            this.prompt = prompt;
            this.decoded = decoded;
        }
    }

    SlotDriver(LlamaEngine engine) {
        this.engine = engine;
    }

    static int[] prompt(LlamaEngine engine, String text) {
        return engine.tokenizer().encode(ChatMl.render(List.of(new Message(Message.USER, text))));
    }

    /** Empties the slot and readies it for this prompt. */
    SlotDriver seat(int slot, int[] prompt, SamplingParams params, long seed) {
        return seat(slot, slot, 0, prompt, params, seed);
    }

    /** The same, with the first cells taken from another slot. Slots are seated in ascending order. */
    SlotDriver seat(int slot, int from, int kept, int[] prompt, SamplingParams params, long seed) {
        engine.seat(slot, params, seed, prompt);
        plan.keep(slot, from, kept);
        running.add(new Running(slot, prompt, kept));
        return this;
    }

    /** Runs until each sequence has ended or has this many tokens; answers as ids, in order of seating. */
    List<List<Integer>> run(int maxTokens) {
        int[] out = new int[engine.info().slots()];
        while (running.stream().anyMatch(sequence -> !sequence.ended)) {
            fill();
            engine.step(plan, out);
            take(out, maxTokens);
            plan.clear();
        }
        return running.stream().map(sequence -> sequence.drawn).toList();
    }

    private void fill() {
        int room = engine.info().stepTokens();
        for (Running sequence : running) {
            if (sequence.ended) {
                continue;
            }
            while (room > 0 && sequence.decoded < sequence.prompt.length) {
                boolean last = sequence.decoded + 1 == sequence.prompt.length;
                plan.token(sequence.slot, sequence.prompt[sequence.decoded], sequence.decoded, last);
                sequence.decoded++;
                room--;
                if (last) {
                    break;
                }
            }
            int next = sequence.decoded - sequence.prompt.length;
            if (next >= 0 && next < sequence.drawn.size() && room > 0) {
                plan.token(sequence.slot, sequence.drawn.get(next), sequence.decoded, true);
                sequence.decoded++;
                room--;
            }
        }
    }

    private void take(int[] out, int maxTokens) {
        int next = 0;
        for (int i = 0; i < plan.tokenCount(); i++) {
            if (!plan.sampled(i)) {
                continue;
            }
            int slot = plan.slot(i);
            Running sequence = running.stream()
                    .filter(candidate -> candidate.slot == slot)
                    .findFirst()
                    .orElseThrow();
            int token = out[next++];
            if (engine.tokenizer().endsTurn(token)) {
                sequence.ended = true;
            } else {
                sequence.drawn.add(token);
                sequence.ended = sequence.drawn.size() == maxTokens;
            }
        }
    }

    static String text(LlamaEngine engine, List<Integer> tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        tokens.forEach(token -> bytes.writeBytes(engine.tokenizer().piece(token)));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
