package io.millrace.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** By when the jobs of a run must be finished. */
final class DeadlineOption {

    @Option(
            names = "--deadline",
            paramLabel = "DURATION",
            converter = DurationOption.class,
            description = "Jobs that are not finished within this time, such as 90s, 15m, 2h or 1d, end as failed with"
                    + " DEADLINE. Counted from the run's first start, which the same command again does not change.")
    private Duration deadline;

    /** In milliseconds since 1970, counted from now. */
    OptionalLong epochMillis() {
        return DurationOption.fromNow(Optional.ofNullable(deadline));
    }
}
