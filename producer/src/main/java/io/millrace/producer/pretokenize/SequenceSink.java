package io.millrace.producer.pretokenize;

import java.io.IOException;

/** Takes the sequences of a split in their order. */
public interface SequenceSink {
    void add(Dialogue dialogue, Sequence sequence) throws IOException;
}
