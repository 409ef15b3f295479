package io.millrace.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** The small model that comes with Millrace. Thread-safe. */
final class BundledModel {
    private static final String PLACE = "models/tiny-chatml-q8_0.gguf";

    private BundledModel() {}

    static Path file() {
        Path bundled = place();
        if (!Files.exists(bundled)) {
            throw new UserError("the bundled model is not at " + bundled + ": give a GGUF file by --model");
        }
        return bundled;
    }

    static Path place() {
        String home = System.getProperty("millrace.home");
        return Path.of(home == null ? "." : home).resolve(PLACE);
    }
}
