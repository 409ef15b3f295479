package io.millrace.cli;

import io.millrace.producer.sandbox.CodeScorer;
import io.millrace.producer.sandbox.Sandbox;
import io.millrace.producer.score.Scorer;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** By what answers are scored, and how programs among them are run. */
final class ScoringFlags {

    @Option(
            names = {"-s", "--scorer"},
            paramLabel = "NAME[:FIELD]",
            description = "How to score, by which of the task's fields; see millrace score. Repeatable (default: the"
                    + " sweep's scorers).")
    private List<String> scorers = List.of();

    @Option(
            names = "--unsafe",
            description = "Let the scorer code run programs without a sandbox where none works: they can do what you"
                    + " can.")
    private boolean unsafe;

    @Option(
            names = "--code-timeout",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationOption.class,
            description = "How long a program may run, Java twice as long (default: ${DEFAULT-VALUE}).")
    private Duration codeTimeout;

    /** Those of the flags, else these. */
    List<String> names(List<String> ofSweep) {
        return scorers.isEmpty() ? ofSweep : scorers;
    }

    /** Runs code in the best sandbox there is. */
    Scorer code(PrintWriter err) throws IOException {
        Sandbox.Found found = Sandbox.find();
        if (found.sandbox().isPresent()) {
            return new CodeScorer(found.sandbox().get(), codeTimeout);
        }
        if (!unsafe) {
            throw new UserError(
                    "no sandbox works here, and programs that a model wrote are not run without one: install"
                            + " bubblewrap (" + String.join("; ", found.reasons())
                            + "), or say --unsafe to run them as they"
                            + " are");
        }
        err.println("millrace: no sandbox works here (" + String.join("; ", found.reasons())
                + "): the answers' programs run as you, with your files and your network");
        return new CodeScorer(Sandbox.unsafe(), codeTimeout);
    }
}
