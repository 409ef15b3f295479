package io.millrace.worker.llama;

import io.millrace.llamacpp.Llama;

/** How a number of the key-value cache is kept. */
public enum KvType {
    F16(Llama.GGML_TYPE_F16, 1, 2),
    /** Half the memory; blocks of 32 numbers with a common scale. */
    Q8_0(Llama.GGML_TYPE_Q8_0, 32, 34);

    private final int ggmlType;
    private final int blockNumbers;
    private final int blockBytes;

    KvType(int ggmlType, int blockNumbers, int blockBytes) {
        this.ggmlType = ggmlType;
        this.blockNumbers = blockNumbers;
        this.blockBytes = blockBytes;
    }

    int ggmlType() {
        return ggmlType;
    }

    long bytes(long numbers) {
        return numbers * blockBytes / blockNumbers;
    }
}
