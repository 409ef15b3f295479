package io.millrace.producer.pretokenize;

import java.io.IOException;
import java.util.List;

/** A dataset that can be read more than once, in the same order each time. */
public interface DialogueSource {

    /** Takes what must stay together in one split: a row, or all threads of a message tree. */
    interface Groups {
        /** @return whether more is wanted */
        boolean take(List<Dialogue> group) throws IOException;
    }

    void read(Groups groups) throws IOException;
}
