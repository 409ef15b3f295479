package io.millrace.job;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which models a run's jobs ask for: its jobs take these in turn, in order of their indexes. A run that is no sweep over
 * models has one.
 *
 * <p>Immutable.
 *
 * @param inTurn at least one; a model may come several times
 */
public record JobModels(List<String> inTurn) {

    public JobModels {
        inTurn = List.copyOf(inTurn);
        if (inTurn.isEmpty() || inTurn.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("the jobs of a run need a model each, not " + inTurn);
        }
    }

    /** The same for all jobs. */
    public static JobModels of(String model) {
        return new JobModels(List.of(model));
    }

    /** The model of the job with this index. */
    public String of(long jobIndex) {
        return inTurn.get((int) (jobIndex % inTurn.size()));
    }

    /** How often all had their turn before the job with this index. */
    public long turn(long jobIndex) {
        return jobIndex / inTurn.size();
    }

    /** Each once, in order. */
    public Set<String> distinct() {
        return new LinkedHashSet<>(inTurn);
    }

    /** For people. */
    @Override
    public String toString() {
        return String.join(", ", distinct());
    }
}
