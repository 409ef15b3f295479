package io.millrace.producer.sweep;

import io.millrace.producer.score.Score;
import io.millrace.producer.score.Scorer;
import java.util.Optional;

/** Says how good one sample of a run is. Thread-safe. */
@FunctionalInterface
public interface RunScorer {

    /** Empty where it cannot be said. */
    Optional<Score> score(RunSample sample);

    /** One that looks at the sample alone. */
    static RunScorer of(Scorer scorer) {
        return sample -> scorer.score(sample.sample());
    }
}
