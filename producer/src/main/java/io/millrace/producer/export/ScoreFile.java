package io.millrace.producer.export;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Where scores of samples are.
 *
 * <p>Immutable.
 *
 * @param path JSON lines {@code {"custom_id", "sample" or "index", "score"}}, such as a run's scores.jsonl
 * @param scorer whose scores to take, where the lines name their scorer and there are several
 */
public record ScoreFile(Path path, Optional<String> scorer) {
    public ScoreFile {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(scorer, "scorer");
    }
}
