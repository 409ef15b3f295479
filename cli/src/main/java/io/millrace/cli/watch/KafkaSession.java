package io.millrace.cli.watch;

import io.millrace.job.RunManifest;
import io.millrace.kafka.ClusterView;
import io.millrace.kafka.KafkaClients;
import io.millrace.producer.kafka.RunManifests;
import io.millrace.producer.kafka.RunsReader;
import io.millrace.producer.kafka.WorkerGroups;
import io.millrace.producer.view.GroupMember;
import io.millrace.producer.view.RunBook;
import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A watch's place in the topics of one Kafka, from its first look on.
 *
 * <p>Confined to the watching thread.
 */
final class KafkaSession implements AutoCloseable {
    /** Of later calls, after which a picture says that Kafka is away. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration POLL = Duration.ofMillis(100);
    /** So long at most a look reads while there is more; the picture is to move meanwhile. */
    private static final long READ_NANOS = Duration.ofMillis(700).toNanos();

    private final String address;
    private final RunManifests manifests;
    private final RunsReader reader;
    private final WorkerGroups groups;
    private final RunBook book;

    private KafkaSession(String address, RunManifests manifests, RunsReader reader, WorkerGroups groups, RunBook book) {
        this.address = address;
        this.manifests = manifests;
        this.reader = reader;
        this.groups = groups;
        this.book = book;
    }

    /**
     * Empty while nothing was submitted there.
     *
     * @param patience how long Kafka may take to answer
     */
    static Optional<KafkaSession> open(KafkaClients clients, Topics topics, RunBook book, Duration patience) {
        if (!ClusterView.look(clients, patience).topics().containsAll(Set.of(topics.runs(), topics.results()))) {
            return Optional.empty();
        }
        RunManifests manifests = new RunManifests(clients, topics, PATIENCE);
        try {
            manifests.catchUp();
            book.manifests(manifests.all());
            RunsReader reader = new RunsReader(clients, topics, book.resultOffsets(), PATIENCE);
            return Optional.of(new KafkaSession(
                    clients.settings().address(),
                    manifests,
                    reader,
                    new WorkerGroups(clients, topics, PATIENCE),
                    book));
        } catch (RuntimeException e) {
            manifests.close();
            throw e;
        }
    }

    String address() {
        return address;
    }

    /**
     * Brings the book to where the topics end now, or a good piece towards it.
     *
     * @return how many offsets are still to be read until there
     */
    long read() {
        manifests.catchUp();
        book.manifests(manifests.all());
        reader.mark();
        long start = System.nanoTime();
        while (reader.behind() > 0 && System.nanoTime() - start < READ_NANOS) {
            reader.poll(POLL, book::wants).forEach(book::take);
        }
        return reader.behind();
    }

    /** Whether results of a run lie before where the reading began: its manifest came late. */
    boolean beganTooLate() {
        return book.runs().stream().map(RunManifest::resultOffsets).anyMatch(offsets -> !reader.covers(offsets));
    }

    List<String> losses() {
        return reader.losses();
    }

    List<GroupMember> members() {
        return groups.members(book.runs().stream()
                .flatMap(run -> run.models().distinct().stream())
                .collect(Collectors.toSet()));
    }

    @Override
    public void close() {
        groups.close();
        reader.close();
        manifests.close();
    }
}
