package io.millrace.producer.dataset;

import io.millrace.producer.files.InputFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which rows of which files a run is to take.
 *
 * <p>Immutable.
 *
 * @param inputs files, folders and globs, in the user's order
 * @param split the split of dataset folders; without one {@code train}, where there is one
 * @param select SQL over the view {@code input}, which has the rows of all files
 * @param format what a row is
 * @param columns which columns make the job
 * @param limit take only so many rows, the first ones
 * @param sample take so many rows, drawn evenly over all
 * @param shuffle put the rows into a random order
 * @param seed of the sample and the order
 */
public record DatasetRequest(
        List<String> inputs,
        Optional<String> split,
        Optional<String> select,
        InputFormat format,
        Columns columns,
        OptionalLong limit,
        OptionalLong sample,
        boolean shuffle,
        long seed) {

    public DatasetRequest {
        inputs = List.copyOf(inputs);
        Objects.requireNonNull(split, "split");
        Objects.requireNonNull(select, "select");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(columns, "columns");
        Objects.requireNonNull(limit, "limit");
        Objects.requireNonNull(sample, "sample");
    }

    /** Whether all that is asked is the rows of one file in its order, as they are. */
    boolean plain() {
        return inputs.size() == 1
                && split.isEmpty()
                && select.isEmpty()
                && columns.equals(Columns.TOLD_BY_NAME)
                && sample.isEmpty()
                && !shuffle
                && format.ofLines();
    }
}
