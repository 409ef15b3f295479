package io.millrace.producer.plan;

import io.millrace.job.Traceparent;
import java.util.Optional;

/** Watches what is submitted, and says which trace jobs belong to. Calls return at once. */
public interface SubmitTraces {

    /** Watches nothing, and jobs belong to no trace. */
    SubmitTraces NONE = passing(Optional.empty());

    /** Watches nothing; jobs belong to this trace. */
    static SubmitTraces passing(Optional<Traceparent> parent) {
        return topic -> new PassedOn(parent);
    }

    /** Some jobs are about to be sent in one transaction. */
    Chunk begin(String topic);

    /** The jobs of one transaction. */
    interface Chunk {

        /** What their records come with. */
        Optional<Traceparent> context();

        /** So many are committed: the end. */
        void committed(long jobs);

        /** They are not: the end. */
        void failed(RuntimeException cause);
    }

    /** Jobs that nobody watches. Immutable. */
    record PassedOn(Optional<Traceparent> context) implements Chunk {

        @Override
        public void committed(long jobs) {}

        @Override
        public void failed(RuntimeException cause) {}
    }
}
