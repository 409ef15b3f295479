package io.millrace.worker.llama;

import io.millrace.llamacpp.Llama;
import io.millrace.llamacpp.llama_context;
import org.bytedeco.javacpp.Pointer;

/**
 * ggml's threads for the CPU's part of a step. Left alone ggml starts and joins them anew in every step; a pool keeps
 * them.
 *
 * <p>Confined to the decode thread.
 */
final class StepThreads implements AutoCloseable {
    /** How long a thread spins for the next graph before it sleeps, 0 to 100; ggml's default. */
    private static final int POLL = 50;

    private final Pointer decoding;
    private final Pointer batch;

    private StepThreads(Pointer decoding, Pointer batch) {
        this.decoding = decoding;
        this.batch = batch;
    }

    static StepThreads attach(llama_context context, int threads, int batchThreads) {
        Pointer decoding = Llama.millrace_threadpool_new(threads, POLL);
        Pointer batch = threads == batchThreads ? decoding : Llama.millrace_threadpool_new(batchThreads, POLL);
        if (decoding != null && batch != null) {
            Llama.millrace_attach_threadpool(context, decoding, batch);
        }
        return new StepThreads(decoding, batch);
    }

    /** After the context is freed. */
    @Override
    public void close() {
        if (decoding != null) {
            Llama.millrace_threadpool_free(decoding);
        }
        if (batch != null && !batch.equals(decoding)) {
            Llama.millrace_threadpool_free(batch);
        }
    }
}
