package io.millrace.cli;

import io.millrace.job.OutputFormat;
import io.millrace.worker.decode.EngineException;
import io.millrace.worker.llama.SchemaGrammar;
import java.util.Optional;

/** JSON schemas checked before anything is published, by llama.cpp's own converter. Thread-safe. */
final class Schemas {

    private Schemas() {}

    /** Why answers cannot be held to this format, if they cannot. */
    static Optional<String> fault(OutputFormat format) {
        if (!(format instanceof OutputFormat.JsonSchema schema)) {
            return Optional.empty();
        }
        try {
            return SchemaGrammar.fault(schema.schema()).map(fault -> fault.replaceFirst("^response_format: ", ""));
        } catch (EngineException e) {
            // Without llama.cpp here, as on another kind of machine, the worker says it of each job.
            return Optional.empty();
        }
    }
}
