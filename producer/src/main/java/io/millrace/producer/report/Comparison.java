package io.millrace.producer.report;

import io.millrace.producer.score.Difference;
import java.util.Objects;
import java.util.Optional;

/**
 * Two points compared on the tasks that are scored at both.
 *
 * <p>Immutable.
 *
 * @param first index of the point
 * @param second index of the point it is compared with
 * @param difference of the tasks' mean scores, first minus second, by the paired bootstrap
 * @param discordance where every task passes or fails, one sample each
 */
public record Comparison(
        String scorer, int first, int second, int tasks, Difference difference, Optional<Discordance> discordance) {

    public Comparison {
        Objects.requireNonNull(scorer, "scorer");
        Objects.requireNonNull(difference, "difference");
        Objects.requireNonNull(discordance, "discordance");
    }

    /**
     * The tasks on which the points disagree, with McNemar's exact p-value.
     *
     * <p>Immutable.
     */
    public record Discordance(int onlyFirst, int onlySecond, double pValue) {}
}
