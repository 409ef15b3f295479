package io.millrace.worker.llama;

import io.millrace.llamacpp.Llama;
import io.millrace.llamacpp.llama_batch;
import io.millrace.llamacpp.llama_context;
import io.millrace.worker.schedule.StepPlan;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * llama.cpp's batch in native memory, filled without a native call for each token. The struct keeps raw addresses, so the
 * arrays live as long as it does.
 *
 * <p>Confined to the decode thread.
 */
final class TokenBatch implements AutoCloseable {
    private final IntPointer tokenPointer;
    private final IntPointer positionPointer;
    private final IntPointer sequenceCounts;
    private final IntPointer sequencePointer;
    private final PointerPointer<Pointer> sequencePointers;
    private final BytePointer outputPointer;
    private final IntBuffer tokens;
    private final IntBuffer positions;
    private final IntBuffer sequences;
    private final ByteBuffer outputs;
    private final llama_batch batch = new llama_batch();

    TokenBatch(int capacity) {
        tokenPointer = new IntPointer(capacity);
        positionPointer = new IntPointer(capacity);
        sequenceCounts = new IntPointer(capacity);
        sequencePointer = new IntPointer(capacity);
        sequencePointers = new PointerPointer<>(capacity);
        outputPointer = new BytePointer(capacity);
        tokens = tokenPointer.asBuffer();
        positions = positionPointer.asBuffer();
        sequences = sequencePointer.asBuffer();
        outputs = outputPointer.asByteBuffer();
        for (int i = 0; i < capacity; i++) {
            sequenceCounts.put(i, 1);
            sequencePointers.put(i, sequencePointer.getPointer(i));
        }
        batch.token(tokenPointer)
                .embd(null)
                .pos(positionPointer)
                .n_seq_id(sequenceCounts)
                .seq_id(sequencePointers)
                .logits(outputPointer);
    }

    /** Takes over the plan's tokens; those to be sampled are asked of the samplers. */
    void fill(StepPlan plan, SlotSamplers samplers) {
        samplers.clear();
        int count = plan.tokenCount();
        int draw = 0;
        for (int i = 0; i < count; i++) {
            tokens.put(i, plan.token(i));
            positions.put(i, plan.position(i));
            sequences.put(i, plan.slot(i));
            outputs.put(i, (byte) (plan.sampled(i) ? 1 : 0));
            for (int left = plan.draws(i); left > 0; left--) {
                samplers.ask(plan.drawSlot(draw++), i);
            }
        }
        batch.n_tokens(count);
    }

    /** llama.cpp's return code; 0 is success. */
    int decode(llama_context context) {
        return Llama.llama_decode(context, batch);
    }

    @Override
    public void close() {
        batch.close();
        tokenPointer.close();
        positionPointer.close();
        sequenceCounts.close();
        sequencePointer.close();
        sequencePointers.close();
        outputPointer.close();
    }
}
