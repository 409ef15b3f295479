package io.millrace.worker.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.job.Message;
import io.millrace.job.OutputFormat;
import io.millrace.job.SamplingParams;
import io.millrace.worker.chat.Segment;
import io.millrace.worker.pipeline.EngineInfo;
import io.millrace.worker.schedule.SavedCells;
import io.millrace.worker.schedule.StepPlan;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepGarbageTest {
    private static final int SLOTS = 64;
    private static final int STEPS = 2_000;
    private static final int LETTER = 120;

    @Test
    void aStepAllocatesNoMoreThanTheTextNeeds() {
        Engine engine = new MonotonousEngine();
        Decoding decoding = new Decoding(engine, DecodeSettings.DEFAULTS, System::nanoTime);
        PromptReader reader = new PromptReader(engine.tokenizer(), engine.info());
        SamplingParams params = Jobs.params(STEPS + 100, 0, 1, "never comes");
        for (int i = 0; i < SLOTS; i++) {
            decoding.accept(reader.read(i, Jobs.job(i, List.of(new Message("user", "go")), params), 0));
        }
        decoding.step();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        for (int i = 0; i < STEPS; i++) {
            decoding.step();
        }

        long perToken = (threads.getCurrentThreadAllocatedBytes() - before) / ((long) SLOTS * STEPS);
        assertThat(decoding.figures().generatedTokens()).isEqualTo((long) SLOTS * (STEPS + 1));
        // A text doubles its buffer: four bytes are allocated for each byte at worst, and a byte comes with each token.
        assertThat(perToken).isLessThanOrEqualTo(4);
    }

    /** Says the same letter for ever and allocates nothing. */
    private static final class MonotonousEngine implements Engine, Tokenizer {
        private final byte[] piece = {LETTER};

        @Override
        public EngineInfo info() {
            return new EngineInfo("m.gguf", "", "", "", "", "", 1, 1, 4096, 0, SLOTS, 4096, 512, 1, "", 1);
        }

        @Override
        public Tokenizer tokenizer() {
            return this;
        }

        @Override
        public void seat(int slot, SamplingParams params, long seed, int[] prompt) {}

        @Override
        public boolean savesCells() {
            return false;
        }

        @Override
        public SavedCells save(int slot, int from, int to) {
            throw new EngineException("nobody asks for cells");
        }

        @Override
        public void step(StepPlan plan, int[] out) {
            Arrays.fill(out, LETTER);
        }

        @Override
        public Scores scores(int slot) {
            throw new EngineException("nobody asks for these");
        }

        @Override
        public void check(OutputFormat format) {
            throw new EngineException("nobody asks for a format");
        }

        @Override
        public void close() {}

        @Override
        public List<Segment> render(List<Message> messages, String prefill) {
            return List.of();
        }

        @Override
        public int[] encode(List<Segment> prompt) {
            return new int[] {1, 2, 3};
        }

        @Override
        public byte[] piece(int token) {
            return piece;
        }

        @Override
        public boolean endsTurn(int token) {
            return false;
        }

        @Override
        public int size() {
            return 256;
        }
    }
}
