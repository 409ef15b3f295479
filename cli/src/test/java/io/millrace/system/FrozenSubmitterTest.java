package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.KafkaSettings;
import io.millrace.kafka.TopicSetup;
import io.millrace.producer.kafka.JobSubmitter;
import io.millrace.producer.kafka.SubmitOptions;
import io.millrace.wire.JobCodec;
import io.millrace.wire.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedBroker.Extension.class)
final class FrozenSubmitterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aSubmitterFrozenInATransactionBeyondItsTimeOutGoesOnWithoutLossOrRepetition(
            SharedBroker broker, @TempDir Path dir) throws Exception {
        Topics topics = broker.freshTopics();
        Path file = Files.writeString(
                dir.resolve("client.properties"),
                "transaction.timeout.ms=1000\ninterceptor.classes=" + Freeze.class.getName() + "\n");
        KafkaClients clients = new KafkaClients(KafkaSettings.load(Optional.of(broker.bootstrap()), Optional.of(file)));
        new TopicSetup(broker.clients(), topics, PATIENCE).ensure(SampleJobs.MODEL, 4);
        String id = topics.submitTransactionalId("frozen");
        try (Admin admin = broker.clients().admin("test");
                JobSubmitter submitter = new JobSubmitter(
                        clients,
                        topics,
                        SampleJobs.run("frozen"),
                        new SubmitOptions(50, Long.MAX_VALUE, () -> 0, jobs -> {}, () -> false, PATIENCE))) {
            Freeze.NEXT.set(() -> awaitTimeOut(admin, id));
            assertThat(submitter.submit(SampleJobs.jobs("frozen", 0, 120))).isTrue();
        }
        assertThat(Freeze.NEXT.get()).isNull();
        assertThat(CommittedRecords.of(broker.clients(), topics.jobs(SampleJobs.MODEL)).stream()
                        .map(record -> JobCodec.decode(record.value()).id().index())
                        .sorted())
                .containsExactlyElementsOf(LongStream.range(0, 120).boxed().toList());
    }

    /** Until the broker has seen the transaction begin, and then until it has ended it. */
    private static void awaitTimeOut(Admin admin, String id) {
        while (state(admin, id) != TransactionState.ONGOING) {
            Thread.onSpinWait();
        }
        while (state(admin, id) != TransactionState.COMPLETE_ABORT) {
            Thread.onSpinWait();
        }
    }

    private static TransactionState state(Admin admin, String id) {
        try {
            return admin.describeTransactions(List.of(id)).all().get().get(id).state();
        } catch (Exception e) {
            throw new IllegalStateException("cannot describe transaction " + id, e);
        }
    }

    /**
     * Holds up the sending thread before the manifest, the last record of a transaction. Both kinds of interceptor, as
     * one file of settings is for all clients.
     */
    public static final class Freeze
            implements ProducerInterceptor<byte[], byte[]>, ConsumerInterceptor<byte[], byte[]> {
        static final AtomicReference<Runnable> NEXT = new AtomicReference<>();

        @Override
        public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
            if (record.topic().endsWith(".runs")) {
                Runnable freeze = NEXT.getAndSet(null);
                if (freeze != null) {
                    freeze.run();
                }
            }
            return record;
        }

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception exception) {}

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> configs) {}
    }
}
