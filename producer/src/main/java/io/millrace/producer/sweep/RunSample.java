package io.millrace.producer.sweep;

import io.millrace.producer.score.Sample;
import java.util.Objects;

/**
 * A sample of a run, and where in its sweep it stands.
 *
 * <p>Immutable.
 *
 * @param customId the job's
 * @param task the task's name; in a run that is no sweep the custom id
 * @param point the point's id; in a run that is no sweep {@code p0}
 * @param index of the sample in its job
 */
public record RunSample(String customId, String task, String point, int index, Sample sample) {

    public RunSample {
        Objects.requireNonNull(customId, "customId");
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(point, "point");
        Objects.requireNonNull(sample, "sample");
    }
}
