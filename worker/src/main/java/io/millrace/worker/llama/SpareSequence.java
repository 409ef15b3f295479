package io.millrace.worker.llama;

import io.millrace.llamacpp.Llama;
import io.millrace.llamacpp.llama_context;
import io.millrace.llamacpp.llama_memory_i;
import io.millrace.worker.decode.EngineException;
import io.millrace.worker.schedule.SavedCells;
import org.bytedeco.javacpp.BytePointer;

/**
 * A sequence of the context that is no slot's, through which a part of a slot's cells is saved and restored: llama.cpp
 * does that with whole sequences only. In a buffer for all sequences, putting cells into another one moves nothing.
 *
 * <p>Confined to the decode thread; what it saves is thread-safe.
 */
final class SpareSequence {
    /** The most cells that a restore has beyond those it is for: llama.cpp rounds contexts up to so many. */
    static final int CELLS = 256;

    private final llama_context context;
    private final llama_memory_i memory;
    private final int sequence;

    SpareSequence(llama_context context, int sequence) {
        this.context = context;
        this.memory = Llama.llama_get_memory(context);
        this.sequence = sequence;
    }

    /** The state of a sequence in llama.cpp's own form, native memory that is freed with the last reference. */
    private record State(BytePointer data) implements SavedCells {

        @Override
        public long bytes() {
            return data.capacity();
        }

        @Override
        public void retain() {
            data.retainReference();
        }

        @Override
        public void release() {
            data.releaseReference();
        }
    }

    /** Saves the slot's cells of these positions; the caller holds what it gets. */
    SavedCells save(int slot, int from, int to) {
        Llama.llama_memory_seq_cp(memory, slot, sequence, from, to);
        BytePointer data = new BytePointer(Llama.llama_state_seq_get_size(context, sequence));
        data.retainReference();
        long written = Llama.llama_state_seq_get_data(context, data, data.capacity(), sequence);
        empty();
        if (written != data.capacity()) {
            data.releaseReference();
            throw new EngineException("llama.cpp saved " + written + " bytes of cells " + from + " to " + to
                    + " of slot " + slot + ", not " + data.capacity());
        }
        return new State(data);
    }

    /** Puts the saved cells of these positions, which are among them, into the slot. */
    void restore(int slot, SavedCells cells, int from, int to) {
        if (!(cells instanceof State state)) {
            throw new IllegalArgumentException(cells + " are no cells of this kind of engine");
        }
        long read = Llama.llama_state_seq_set_data(context, state.data(), state.bytes(), sequence);
        if (read != state.bytes()) {
            empty();
            throw new EngineException("llama.cpp could not restore cells " + from + " to " + to + " of slot " + slot
                    + ": it read " + read + " of " + state.bytes() + " bytes");
        }
        Llama.llama_memory_seq_cp(memory, sequence, slot, from, to);
        empty();
    }

    private void empty() {
        Llama.llama_memory_seq_rm(memory, sequence, -1, -1);
    }
}
