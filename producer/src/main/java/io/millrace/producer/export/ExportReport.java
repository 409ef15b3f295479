package io.millrace.producer.export;

import java.util.List;
import java.util.Map;

/**
 * What was written.
 *
 * <p>Immutable.
 *
 * @param jobs answered jobs of the run
 * @param samples of those, before the filters
 * @param removed samples by the filter that removed them
 * @param files in order
 */
public record ExportReport(
        long jobs,
        long samples,
        Map<String, Long> removed,
        List<Split> splits,
        Lengths answerCharacters,
        List<String> files) {

    /** A split and its rows. */
    public record Split(String name, long rows, long bytes) {}

    public long rows() {
        return splits.stream().mapToLong(Split::rows).sum();
    }
}
