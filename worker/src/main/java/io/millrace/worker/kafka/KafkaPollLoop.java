package io.millrace.worker.kafka;

import io.millrace.kafka.BrokerCalls;
import io.millrace.worker.delivery.CommitMetadata;
import io.millrace.worker.pipeline.JobSource;
import io.millrace.worker.pipeline.Received;
import io.millrace.worker.pipeline.ResultSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The poll thread: polls, carries out what the pipeline asks, publishes. It decides nothing about jobs; it answers for
 * the order of things: a publication is made only while every partition in it is owned in the epoch it names, with the
 * group's live generation, between two polls or inside the revocation callback.
 *
 * <p>Its public methods are thread-safe; all else is confined to the kafka-poll thread.
 */
public final class KafkaPollLoop implements JobSource, ResultSink {
    private static final Logger log = LoggerFactory.getLogger(KafkaPollLoop.class);
    /** What the pipeline asks for waits for the end of a poll: so polls are short while there is something going on. */
    private static final long SHORTEST_POLL_MILLIS = 20;

    private static final long LONGEST_POLL_MILLIS = 80;
    private static final long POSITIONS_NANOS = Duration.ofMillis(200).toNanos();

    private final WorkerKafkaConfig config;
    private final Executor pipelineThread;
    private final Consumer<String> onEnd;
    // Bounded by its writers: the pipeline has one publication under way and a pause or resume per partition.
    private final BlockingQueue<PollCommand> commands = new LinkedBlockingQueue<>();
    private final Thread thread;
    private final String topic;
    private final AtomicReference<Backlog> told = new AtomicReference<>(Backlog.NONE);

    // Confined to the kafka-poll thread
    private JobSource.Listener jobs;
    private ResultSink.Listener results;
    private KafkaConsumer<byte[], byte[]> consumer;
    private TransactionalPublisher publisher;
    private TakeOver takeOver;
    private BacklogWatch backlogWatch;
    private final Map<Integer, Long> epochs = new HashMap<>();
    /** Those whose offset is known. */
    private final Set<Integer> begunPartitions = new HashSet<>();

    private final Set<Integer> fetching = new HashSet<>();
    private final Set<Integer> unreleased = new HashSet<>();
    private Optional<Publication> unresolved = Optional.empty();
    private long lastEpoch;
    private long positionsNanos;
    private long pollMillis = SHORTEST_POLL_MILLIS;
    private boolean leaving;
    /** Written by the kafka-poll thread alone. */
    private volatile long backlog;

    /**
     * A loop that is not started.
     *
     * @param pipelineThread runs what the listeners are told
     * @param onEnd told once, on the poll thread, when the loop is over: empty text after {@link #leave}, else why
     */
    public KafkaPollLoop(WorkerKafkaConfig config, Executor pipelineThread, Consumer<String> onEnd) {
        this.config = config;
        this.pipelineThread = pipelineThread;
        this.onEnd = onEnd;
        this.topic = config.topics().jobs(config.model());
        this.thread = new Thread(this::run, "kafka-poll");
    }

    /** Joins the group. */
    public void start(JobSource.Listener jobListener, ResultSink.Listener resultListener) {
        jobs = jobListener;
        results = resultListener;
        thread.start();
    }

    /** Waits for the thread's end. */
    public void join(Duration most) throws InterruptedException {
        thread.join(most.toMillis());
    }

    @Override
    public void pause(Set<Integer> partitions) {
        commands.add(new PollCommand.Pause(partitions));
    }

    @Override
    public void resume(Set<Integer> partitions) {
        commands.add(new PollCommand.Resume(partitions));
    }

    @Override
    public void released(Set<Integer> partitions) {
        commands.add(new PollCommand.Released(partitions));
    }

    @Override
    public void leave() {
        commands.add(new PollCommand.Leave());
    }

    @Override
    public void publish(Publication publication) {
        commands.add(new PollCommand.Publish(publication));
    }

    /** Unfinished jobs of the model in all partitions, as far as last counted. Thread-safe. */
    public long backlog() {
        return backlog;
    }

    private Map<String, Object> consumerSettings() {
        Map<String, Object> settings = new HashMap<>(ClientSettings.consumer(config));
        settings.put(BacklogAssignor.BACKLOG, told);
        return settings;
    }

    private void run() {
        String end = "";
        try (Admin admin = Admin.create(ClientSettings.admin(config));
                TransactionalPublisher newPublisher =
                        new TransactionalPublisher(config, () -> new KafkaProducer<>(ClientSettings.producer(config)));
                KafkaConsumer<byte[], byte[]> newConsumer = new KafkaConsumer<>(consumerSettings())) {
            publisher = newPublisher;
            consumer = newConsumer;
            takeOver = new TakeOver(admin, config, a -> commands.add(new PollCommand.TakeOverAnswered(a)));
            backlogWatch =
                    new BacklogWatch(admin, config, told, left -> commands.add(new PollCommand.BacklogCounted(left)));
            loop();
            // Static members do not leave by closing; a worker that was told to stop hands over at once.
            consumer.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                    .withTimeout(config.maxBlock()));
        } catch (FencedInstanceIdException e) {
            end = "another worker joined with the instance id '" + config.instance()
                    + "': give each worker its own by --instance";
        } catch (OffsetOutOfRangeException e) {
            end = "jobs that were never run are gone from topic " + topic + " (" + e.getMessage()
                    + "): its retention is too short for the backlog; submit the run again with --new";
        } catch (KafkaException | IllegalStateException | IllegalArgumentException e) {
            log.error("the poll loop ends", e);
            end = e.getClass().getSimpleName() + ": " + e.getMessage();
        } catch (InterruptedException e) {
            end = "interrupted";
        } finally {
            onEnd.accept(end);
        }
    }

    private void loop() throws InterruptedException {
        while (!publisher.recover(System.nanoTime())) {
            if (carryOutUntilLeaving()) {
                return;
            }
        }
        consumer.subscribe(List.of(topic), new Rebalances());
        while (!carryOutUntilLeaving()) {
            long now = System.nanoTime();
            takeOver.ask(now);
            backlogWatch.look(now);
            resolve(now);
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(pollMillis));
            pollMillis = records.isEmpty() ? Math.min(LONGEST_POLL_MILLIS, pollMillis * 2) : SHORTEST_POLL_MILLIS;
            receive(records);
            tellPositions(now);
        }
    }

    private boolean carryOutUntilLeaving() {
        for (PollCommand next = commands.poll(); next != null && !leaving; next = commands.poll()) {
            carryOut(next);
            pollMillis = SHORTEST_POLL_MILLIS;
        }
        return leaving;
    }

    private void carryOut(PollCommand command) {
        if (command instanceof PollCommand.Pause pause) {
            fetching.removeAll(pause.partitions());
            consumer.pause(owned(pause.partitions()));
        } else if (command instanceof PollCommand.Resume resume) {
            // One of an earlier assignment must not start this one before its offset is known.
            Set<Integer> begun = new HashSet<>(resume.partitions());
            begun.retainAll(begunPartitions);
            fetching.addAll(begun);
            consumer.resume(owned(begun));
        } else if (command instanceof PollCommand.Released released) {
            unreleased.removeAll(released.partitions());
        } else if (command instanceof PollCommand.Leave) {
            leaving = true;
        } else if (command instanceof PollCommand.Publish publish) {
            publishNow(publish.publication());
        } else if (command instanceof PollCommand.BacklogCounted counted) {
            boolean wished = backlogWatch.answered(counted.left(), epochs.keySet(), System.nanoTime());
            backlog = backlogWatch.backlog();
            if (wished && config.sharesBacklog()) {
                consumer.enforceRebalance("this worker has little to do");
            }
        } else if (command instanceof PollCommand.TakeOverAnswered answered) {
            takenOver(answered.answer());
        }
    }

    private List<TopicPartition> owned(Collection<Integer> partitions) {
        List<TopicPartition> owned = new ArrayList<>();
        for (int partition : partitions) {
            if (epochs.containsKey(partition)) {
                owned.add(new TopicPartition(topic, partition));
            }
        }
        return owned;
    }

    // Publishing

    private void publishNow(Publication publication) {
        for (Map.Entry<Integer, Commit> commit : publication.commits().entrySet()) {
            Long epoch = epochs.get(commit.getKey());
            if (epoch == null || epoch != commit.getValue().epoch()) {
                answer(new Outcome.Aborted("partition " + commit.getKey() + " is gone"));
                return;
            }
        }
        TransactionalPublisher.Attempt attempt = publisher.publish(publication, consumer.groupMetadata());
        switch (attempt.ending()) {
            case COMMITTED -> answer(new Outcome.Committed());
            case ABORTED -> answer(new Outcome.Aborted(attempt.reason()));
            case UNKNOWN -> {
                log.warn("it is not known whether a transaction was committed, finding out: {}", attempt.reason());
                unresolved = Optional.of(publication);
            }
        }
    }

    /** One try at finding out what became of the publication that nobody knows of. */
    private void resolve(long now) {
        if (unresolved.isEmpty() || !(publisher.ready() || publisher.recover(now))) {
            return;
        }
        Set<TopicPartition> partitions =
                Set.copyOf(owned(unresolved.get().commits().keySet()));
        Map<TopicPartition, OffsetAndMetadata> committed;
        try {
            committed = consumer.committed(partitions, config.maxBlock());
        } catch (TimeoutException e) {
            log.warn("cannot read what is committed yet: {}", e.getMessage());
            return;
        }
        Map<Integer, CommittedState> states = new HashMap<>();
        committed.forEach((partition, offset) -> {
            if (offset != null) {
                states.put(
                        partition.partition(),
                        new CommittedState(offset.offset(), CommitMetadata.decode(offset.offset(), offset.metadata())));
            }
        });
        unresolved = Optional.empty();
        answer(new Outcome.Resolved(states));
    }

    private void answer(Outcome outcome) {
        pipelineThread.execute(() -> results.published(outcome));
    }

    // Taking

    private void receive(ConsumerRecords<byte[], byte[]> records) {
        if (records.isEmpty()) {
            return;
        }
        List<Received> received = new ArrayList<>(records.count());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            received.add(RecordReader.read(record));
        }
        pipelineThread.execute(() -> jobs.received(received));
    }

    private void tellPositions(long now) {
        if (now - positionsNanos < POSITIONS_NANOS || epochs.isEmpty()) {
            return;
        }
        positionsNanos = now;
        Map<Integer, Long> positions = new HashMap<>();
        for (int partition : epochs.keySet()) {
            if (fetching.contains(partition)) {
                positions.put(partition, consumer.position(new TopicPartition(topic, partition)));
            }
        }
        pipelineThread.execute(() -> jobs.positions(positions));
    }

    private void takenOver(TakeOver.Answer answer) {
        takeOver.answered(System.nanoTime(), answer instanceof TakeOver.Answer.Failed);
        if (answer instanceof TakeOver.Answer.Failed failed) {
            if (!BrokerCalls.passing(failed.cause())) {
                throw new IllegalStateException(
                        "cannot take over partitions: " + failed.cause().getMessage(), failed.cause());
            }
            log.warn("cannot read committed offsets yet: {}", failed.cause().getMessage());
            return;
        }
        TakeOver.Answer.Offsets offsets = (TakeOver.Answer.Offsets) answer;
        for (int partition : offsets.absent()) {
            if (takeOver.settle(partition) >= 0) {
                throw new IllegalStateException("group " + config.topics().group(config.model())
                        + " has no committed offset for " + topic + "-" + partition
                        + ": it expired or partitions were added; stop all workers and run any millrace command against"
                        + " this topic to set it");
            }
        }
        offsets.committed().forEach(this::begin);
    }

    private void begin(int partition, OffsetAndMetadata committed) {
        long epoch = takeOver.settle(partition);
        if (epoch < 0 || !Long.valueOf(epoch).equals(epochs.get(partition))) {
            return;
        }
        TopicPartition topicPartition = new TopicPartition(topic, partition);
        CommitMetadata metadata = CommitMetadata.decode(committed.offset(), committed.metadata());
        consumer.seek(topicPartition, committed.offset());
        begunPartitions.add(partition);
        pipelineThread.execute(() -> jobs.assigned(partition, epoch, committed.offset(), metadata));
    }

    /** Called by the consumer inside poll, on the poll thread. */
    private final class Rebalances implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            for (TopicPartition partition : partitions) {
                long epoch = ++lastEpoch;
                epochs.put(partition.partition(), epoch);
                // A position, so that the consumer does not look for one and block; the right one comes with the
                // answer.
                consumer.seek(partition, 0);
                takeOver.want(partition.partition(), epoch);
            }
            consumer.pause(partitions);
            if (!partitions.isEmpty()) {
                log.info("assigned partitions={} generation={}", numbers(partitions), generation());
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (partitions.isEmpty()) {
                return;
            }
            Set<Integer> leavingPartitions = numbers(partitions);
            log.info("revoked partitions={} generation={}", leavingPartitions, generation());
            unreleased.addAll(leavingPartitions);
            // One that was not begun yet must not begin now: the pipeline would believe it for ever.
            leavingPartitions.forEach(takeOver::forget);
            pipelineThread.execute(() -> jobs.revoking(leavingPartitions));
            long deadline = System.nanoTime()
                    + config.drainTimeout()
                            .plus(config.maxBlock().multipliedBy(2))
                            .toNanos();
            try {
                while (!unreleased.isEmpty() && !leaving && System.nanoTime() - deadline < 0) {
                    PollCommand next = commands.poll(LONGEST_POLL_MILLIS, TimeUnit.MILLISECONDS);
                    if (next != null) {
                        carryOut(next);
                    }
                    resolve(System.nanoTime());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            boolean late = !unreleased.isEmpty() && !leaving;
            unreleased.clear();
            forget(leavingPartitions);
            if (late) {
                log.warn("partitions={} were not handed over in time", leavingPartitions);
                pipelineThread.execute(() -> jobs.lost(leavingPartitions));
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            Set<Integer> lost = numbers(partitions);
            log.warn("lost partitions={}: the group went on without this worker", lost);
            forget(lost);
            pipelineThread.execute(() -> jobs.lost(lost));
        }

        private void forget(Set<Integer> partitions) {
            for (int partition : partitions) {
                epochs.remove(partition);
                fetching.remove(partition);
                begunPartitions.remove(partition);
                takeOver.forget(partition);
            }
        }

        private Set<Integer> numbers(Collection<TopicPartition> partitions) {
            Set<Integer> numbers = new HashSet<>();
            partitions.forEach(p -> numbers.add(p.partition()));
            return numbers;
        }

        private int generation() {
            return consumer.groupMetadata().generationId();
        }
    }
}
