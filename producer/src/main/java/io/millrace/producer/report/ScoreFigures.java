package io.millrace.producer.report;

import io.millrace.producer.score.Interval;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a scorer says of a point.
 *
 * <p>Immutable.
 *
 * @param tasks those with a score; failed jobs have none
 * @param mean of the tasks' means
 * @param passAtK by k; empty where a score is neither 0 nor 1 or every task has one sample
 */
public record ScoreFigures(int tasks, Interval mean, SortedMap<Integer, Interval> passAtK) {

    public ScoreFigures {
        Objects.requireNonNull(mean, "mean");
        passAtK = Collections.unmodifiableSortedMap(new TreeMap<>(passAtK));
    }
}
