package io.millrace.producer.files;

import io.millrace.job.OutputFormat;
import java.util.Optional;

/** Says before a job is published whether its answers can be held to their format. */
@FunctionalInterface
public interface FormatCheck {
    /** Leaves it to the worker. */
    FormatCheck NONE = format -> Optional.empty();

    /** Why answers cannot be held to this format, if they cannot. */
    Optional<String> fault(OutputFormat format);
}
