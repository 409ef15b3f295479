package io.millrace.job;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The id of a job: its run and its index in the run, counted from 0; printed as {@code <run>-<index>}.
 *
 * <p>Immutable.
 */
public record JobId(String runId, long index) {

    private static final Pattern RUN_ID = Pattern.compile("[A-Za-z0-9._]{1,64}");

    public JobId {
        Objects.requireNonNull(runId, "runId");
        if (!RUN_ID.matcher(runId).matches()) {
            throw new IllegalArgumentException(
                    "run id '" + runId + "' must be 1 to 64 characters of letters, digits, '.' and '_'");
        }
        if (index < 0) {
            throw new IllegalArgumentException("job index " + index + " is negative");
        }
    }

    /** Reads what {@link #toString()} prints. */
    public static JobId parse(String text) {
        int dash = text.lastIndexOf('-');
        if (dash < 1) {
            throw new IllegalArgumentException("'" + text + "' is no job id: expected <run>-<index>");
        }
        try {
            return new JobId(text.substring(0, dash), Long.parseLong(text.substring(dash + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no job id: the index is not a number", e);
        }
    }

    @Override
    public String toString() {
        return runId + "-" + index;
    }
}
