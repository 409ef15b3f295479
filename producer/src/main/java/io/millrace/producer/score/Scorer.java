package io.millrace.producer.score;

import java.util.Optional;

/** Says how good one answer is. Thread-safe. */
@FunctionalInterface
public interface Scorer {

    /** Empty where the task has nothing to compare the answer with. */
    Optional<Score> score(Sample sample);
}
