package io.millrace.cli.watch;

import io.millrace.kafka.KafkaClients;
import io.millrace.wire.Topics;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What is to be watched.
 *
 * <p>Immutable.
 *
 * @param kafka where Kafka is now; empty while there is none
 * @param workers where workers serve their figures now
 * @param mostRuns how many runs are followed, the newest ones
 * @param only these runs and no others; empty for any
 * @param showContent whether texts of models and reasons that may quote a prompt are kept
 * @param patience how long Kafka may take to answer for the first time
 */
public record WatchSettings(
        Supplier<Optional<KafkaClients>> kafka,
        Supplier<? extends Collection<URI>> workers,
        Topics topics,
        int mostRuns,
        Set<String> only,
        boolean showContent,
        Duration patience) {

    public WatchSettings {
        Objects.requireNonNull(kafka, "kafka");
        Objects.requireNonNull(workers, "workers");
        Objects.requireNonNull(topics, "topics");
        Objects.requireNonNull(patience, "patience");
        only = Set.copyOf(only);
        if (mostRuns < 1 || mostRuns > 1_000) {
            throw new IllegalArgumentException("--runs must be from 1 to 1000, not " + mostRuns);
        }
    }
}
