package io.millrace.worker.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.TopicSetup;
import io.millrace.system.SharedBroker;
import io.millrace.wire.Topics;
import io.millrace.worker.delivery.CommitMetadata;
import io.millrace.worker.kafka.TransactionalPublisher.Ending;
import io.millrace.worker.pipeline.ResultSink.Commit;
import io.millrace.worker.pipeline.ResultSink.Publication;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a broker would accept or do, and must not, on a real one. */
@ExtendWith(SharedBroker.Extension.class)
final class TransactionalPublisherTest {
    private static final String MODEL = "tiny";
    private static final Publication NEWS = new Publication(List.of(), List.of(), Map.of(0, new Commit(1, 5, "")));

    private final KafkaClients clients;
    private final WorkerKafkaConfig config;
    private final String group;

    TransactionalPublisherTest(SharedBroker broker) {
        clients = broker.clients();
        Topics topics = broker.freshTopics();
        new TopicSetup(clients, topics, Duration.ofSeconds(60)).ensure(MODEL, 4);
        group = topics.group(MODEL);
        config = WorkerKafkaConfig.of(topics, MODEL, "w1", clients.settings().client(), Duration.ofSeconds(2));
    }

    private TransactionalPublisher publisher() {
        return new TransactionalPublisher(config, () -> new KafkaProducer<>(ClientSettings.producer(config)));
    }

    /** A broker takes such a commit even while the group has other members. */
    @Test
    void aCommitWithoutAGenerationIsNotSent() throws Exception {
        try (TransactionalPublisher publisher = publisher()) {
            assertThat(publisher.recover(System.nanoTime())).isTrue();
            TransactionalPublisher.Attempt attempt = publisher.publish(NEWS, new ConsumerGroupMetadata(group));
            assertThat(attempt.ending()).isEqualTo(Ending.ABORTED);
            assertThat(attempt.reason()).isEqualTo("not in the group yet");
        }
        assertThat(firstOffset()).isZero();
    }

    @Test
    void aCommitOfAMemberThatTheGroupDoesNotKnowIsAborted() throws Exception {
        try (TransactionalPublisher publisher = publisher()) {
            assertThat(publisher.recover(System.nanoTime())).isTrue();
            TransactionalPublisher.Attempt attempt =
                    publisher.publish(NEWS, new ConsumerGroupMetadata(group, 3, "nobody", Optional.empty()));
            assertThat(attempt.ending()).isEqualTo(Ending.ABORTED);
            assertThat(publisher.ready()).isTrue();
        }
        assertThat(firstOffset()).isZero();
    }

    @Test
    void theOlderOfTwoWithOneIdFindsOutThatItKnowsNothingAndStartsAnew() throws Exception {
        try (TransactionalPublisher older = publisher();
                TransactionalPublisher newer = publisher()) {
            assertThat(older.recover(System.nanoTime())).isTrue();
            assertThat(newer.recover(System.nanoTime())).isTrue();
            TransactionalPublisher.Attempt attempt =
                    older.publish(NEWS, new ConsumerGroupMetadata(group, 3, "nobody", Optional.empty()));
            assertThat(attempt.ending()).isEqualTo(Ending.UNKNOWN);
            assertThat(older.ready()).isFalse();
            assertThat(older.recover(System.nanoTime())).isTrue();
            assertThat(older.ready()).isTrue();
        }
        assertThat(firstOffset()).isZero();
    }

    /** A broker's limit; one character more leaves the producer of no use, and must not leave the worker so. */
    @Test
    void metadataOfTheMostCharactersIsCommittedAndOneMoreCostsAProducer() throws Exception {
        try (TransactionalPublisher publisher = publisher();
                KafkaConsumer<byte[], byte[]> member = new KafkaConsumer<>(ClientSettings.consumer(config))) {
            member.subscribe(List.of(config.topics().jobs(MODEL)));
            for (int i = 0; i < 100 && member.assignment().isEmpty(); i++) {
                member.poll(Duration.ofMillis(100));
            }
            assertThat(publisher.recover(System.nanoTime())).isTrue();
            assertThat(publisher
                            .publish(withMetadata(5, CommitMetadata.MAX_LENGTH), member.groupMetadata())
                            .ending())
                    .isEqualTo(Ending.COMMITTED);

            TransactionalPublisher.Attempt tooLong =
                    publisher.publish(withMetadata(6, CommitMetadata.MAX_LENGTH + 1), member.groupMetadata());
            assertThat(tooLong.ending()).isEqualTo(Ending.UNKNOWN);
            assertThat(tooLong.reason()).contains("metadata");
            assertThat(firstOffset()).isEqualTo(5);

            assertThat(publisher.recover(System.nanoTime())).isTrue();
            assertThat(publisher
                            .publish(withMetadata(7, 0), member.groupMetadata())
                            .ending())
                    .isEqualTo(Ending.COMMITTED);
        }
        assertThat(firstOffset()).isEqualTo(7);
    }

    private static Publication withMetadata(long offset, int length) {
        return new Publication(List.of(), List.of(), Map.of(0, new Commit(1, offset, "x".repeat(length))));
    }

    @Test
    void aDrainThatTheGroupDoesNotWaitForIsRefused() {
        assertThatThrownBy(() -> new WorkerKafkaConfig(
                        config.topics(),
                        MODEL,
                        "w1",
                        Map.of(),
                        Duration.ofSeconds(12),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(8),
                        false))
                .hasMessageContaining("drain time-out of 12 s")
                .hasMessageContaining("max.poll.interval.ms");
    }

    private long firstOffset() throws Exception {
        try (Admin admin = clients.admin("test")) {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                    .filter(entry -> entry.getKey().partition() == 0)
                    .findFirst()
                    .orElseThrow()
                    .getValue()
                    .offset();
        }
    }
}
