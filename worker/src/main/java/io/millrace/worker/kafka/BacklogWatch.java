package io.millrace.worker.kafka;

import io.millrace.worker.delivery.CommitMetadata;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the unfinished jobs of all partitions now and then, without blocking, and says when this worker has so few of
 * them that the group should share anew. Each asking that changed nothing doubles the time to the next.
 *
 * <p>Confined to the kafka-poll thread; the answers come on the admin client's.
 */
final class BacklogWatch {
    private static final Logger log = LoggerFactory.getLogger(BacklogWatch.class);
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LEAST_PAUSE_NANOS = Duration.ofSeconds(3).toNanos();
    private static final long MOST_PAUSE_NANOS = Duration.ofSeconds(60).toNanos();
    /** Both rounds of a hand-over must see what was counted; later ones must not. */
    private static final long FRESH_NANOS = Duration.ofSeconds(20).toNanos();
    /** Fewer are finished before they have changed hands. */
    private static final long LEAST_JOBS = 8;

    private final Admin admin;
    private final String group;
    private final String topic;
    private final AtomicReference<Backlog> told;
    private final Consumer<Map<Integer, Left>> answers;
    private final boolean shares;

    private boolean asking;
    private long lookAgainNanos;
    private long wishAgainNanos;
    private long pauseNanos = LEAST_PAUSE_NANOS;
    private Set<Integer> ownedAtWish = Set.of();
    private long toldNanos;
    private long backlog;

    /** The unfinished jobs of a partition and who has it, "" if nobody. */
    record Left(long jobs, String owner) {}

    /** @param told what the assignor sends, written here */
    BacklogWatch(
            Admin admin,
            WorkerKafkaConfig config,
            AtomicReference<Backlog> told,
            Consumer<Map<Integer, Left>> answers) {
        this.admin = admin;
        this.group = config.topics().group(config.model());
        this.topic = config.topics().jobs(config.model());
        this.told = told;
        this.answers = answers;
        this.shares = config.sharesBacklog();
        // From the first join on, not at it: the clock may stand anywhere.
        this.lookAgainNanos = System.nanoTime();
        this.wishAgainNanos = lookAgainNanos;
    }

    /** Unfinished jobs of the model, as far as last seen. */
    long backlog() {
        return backlog;
    }

    /** Looks when it is time to. */
    void look(long nowNanos) {
        if (asking || nowNanos - lookAgainNanos < 0) {
            return;
        }
        if (!told.get().jobs().isEmpty() && nowNanos - toldNanos > FRESH_NANOS) {
            told.set(new Backlog(told.get().wishes(), Map.of()));
        }
        asking = true;
        lookAgainNanos = nowNanos + LOOK_NANOS;
        admin.listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec()))
                .partitionsToOffsetAndMetadata(group)
                .whenComplete((committed, error) -> {
                    if (error == null) {
                        ends(committed);
                    } else {
                        failed(error);
                    }
                });
    }

    private void ends(Map<TopicPartition, OffsetAndMetadata> committed) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        committed.forEach((partition, offset) -> {
            if (partition.topic().equals(topic) && offset != null) {
                wanted.put(partition, OffsetSpec.latest());
            }
        });
        admin.listOffsets(wanted).all().whenComplete((ends, error) -> {
            if (error == null) {
                answers.accept(left(committed, ends));
            } else {
                failed(error);
            }
        });
    }

    private void failed(Throwable error) {
        log.debug("the backlog cannot be counted now: {}", error.getMessage());
        answers.accept(Map.of());
    }

    private static Map<Integer, Left> left(
            Map<TopicPartition, OffsetAndMetadata> committed, Map<TopicPartition, ListOffsetsResultInfo> ends) {
        Map<Integer, Left> left = new HashMap<>();
        ends.forEach((partition, end) -> {
            OffsetAndMetadata offset = committed.get(partition);
            CommitMetadata metadata = CommitMetadata.decode(offset.offset(), offset.metadata());
            long jobs = end.offset() - offset.offset() - metadata.done().size();
            left.put(partition.partition(), new Left(Math.max(0, jobs), metadata.dirty() ? metadata.owner() : ""));
        });
        return left;
    }

    /**
     * Takes an answer.
     *
     * @param owned this worker's partitions
     * @return whether the group should share anew
     */
    boolean answered(Map<Integer, Left> left, Set<Integer> owned, long nowNanos) {
        asking = false;
        Map<Integer, Long> jobs = new HashMap<>();
        Set<String> owners = new HashSet<>();
        long own = 0;
        long total = 0;
        for (Map.Entry<Integer, Left> entry : left.entrySet()) {
            jobs.put(entry.getKey(), entry.getValue().jobs());
            total += entry.getValue().jobs();
            own += owned.contains(entry.getKey()) ? entry.getValue().jobs() : 0;
            owners.add(entry.getValue().owner());
        }
        owners.remove("");
        backlog = total;
        if (total == 0) {
            pauseNanos = LEAST_PAUSE_NANOS;
        }
        boolean few = own * 2 * Math.max(1, owners.size()) < total && total - own >= LEAST_JOBS;
        if (!shares || !few || nowNanos - wishAgainNanos < 0) {
            return false;
        }
        pauseNanos = owned.equals(ownedAtWish) ? Math.min(MOST_PAUSE_NANOS, pauseNanos * 2) : LEAST_PAUSE_NANOS;
        ownedAtWish = Set.copyOf(owned);
        wishAgainNanos = nowNanos + pauseNanos;
        told.set(new Backlog(told.get().wishes() + 1, jobs));
        toldNanos = nowNanos;
        log.info("asks for a share of the backlog: {} of {} jobs are in its {} partitions", own, total, owned.size());
        return true;
    }
}
