package io.millrace.producer.report;

import java.util.Objects;

/**
 * What a scorer gave a sample.
 *
 * <p>Immutable.
 *
 * @param detail why, for people; may be empty
 */
public record ScoredSample(double score, String detail) {

    public ScoredSample {
        if (!Double.isFinite(score)) {
            throw new IllegalArgumentException("score must be a number, not " + score);
        }
        Objects.requireNonNull(detail, "detail");
    }
}
