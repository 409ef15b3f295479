package io.millrace.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** When to look for lost jobs. */
final class LossOptions {

    @Option(
            names = "--loss-alarm-after",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationOption.class,
            description = "When no result has come for so long, look whether jobs got lost; the alarm comes after two"
                    + " more such times (default: ${DEFAULT-VALUE}).")
    private Duration quiet;

    Duration quiet() {
        return quiet;
    }
}
