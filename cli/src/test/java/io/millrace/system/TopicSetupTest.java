package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.KafkaSettings;
import io.millrace.kafka.TopicSetup;
import io.millrace.producer.kafka.GroupLag;
import io.millrace.producer.kafka.JobSubmitter;
import io.millrace.producer.kafka.SubmitOptions;
import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedBroker.Extension.class)
final class TopicSetupTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARTITIONS = 8;

    private final KafkaClients clients;
    private final Topics topics;
    private final TopicSetup setup;
    private final Admin admin;
    private final String jobs;
    private final String group;

    TopicSetupTest(SharedBroker broker) {
        clients = broker.clients();
        topics = broker.freshTopics();
        setup = new TopicSetup(clients, topics, PATIENCE);
        admin = clients.admin("test");
        jobs = topics.jobs(SampleJobs.MODEL);
        group = topics.group(SampleJobs.MODEL);
    }

    @AfterEach
    void closeTheAdminClient() {
        admin.close();
    }

    /** A transaction is committed before its offsets are seen: those that are not settled yet are waited for. */
    private Map<TopicPartition, OffsetAndMetadata> committed() throws Exception {
        Map<TopicPartition, OffsetAndMetadata> settled;
        do {
            settled = offsets(true);
        } while (!settled.keySet().equals(offsets(false).keySet()));
        return settled;
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(boolean settled) throws Exception {
        return admin.listConsumerGroupOffsets(group, new ListConsumerGroupOffsetsOptions().requireStable(settled))
                .partitionsToOffsetAndMetadata()
                .get();
    }

    private void commit(int partition, long offset, String metadata) throws Exception {
        try (Producer<byte[], byte[]> worker = clients.transactionalProducer("worker", topics.prefix() + "-worker")) {
            worker.initTransactions();
            worker.beginTransaction();
            worker.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(jobs, partition), new OffsetAndMetadata(offset, metadata)),
                    new ConsumerGroupMetadata(group));
            worker.commitTransaction();
        }
    }

    private String config(String topic, String key) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .get(key)
                .value();
    }

    @Test
    void topicsAreMadeSoThatNothingExpires() throws Exception {
        setup.ensure(SampleJobs.MODEL);
        assertThat(admin.describeTopics(List.of(jobs))
                        .allTopicNames()
                        .get()
                        .get(jobs)
                        .partitions())
                .hasSize(Topics.JOB_PARTITIONS);
        for (String topic : List.of(jobs, topics.results(), topics.dead())) {
            assertThat(config(topic, "cleanup.policy")).isEqualTo("delete");
            assertThat(config(topic, "retention.ms")).isEqualTo("-1");
            assertThat(config(topic, "retention.bytes")).isEqualTo("-1");
            assertThat(config(topic, "max.message.bytes")).isEqualTo(Integer.toString(16 * 1024 * 1024));
        }
        assertThat(config(topics.runs(), "cleanup.policy")).isEqualTo("compact");
    }

    @Test
    void everyPartitionHasAFirstOffsetAndASecondSetupChangesNothing() throws Exception {
        setup.ensure(SampleJobs.MODEL, PARTITIONS);
        assertThat(committed()).hasSize(PARTITIONS).allSatisfy((partition, offset) -> {
            assertThat(offset.offset()).isZero();
            assertThat(offset.metadata()).isEmpty();
        });
        commit(3, 17, "1;D;x;;;");
        setup.ensure(SampleJobs.MODEL, PARTITIONS);
        assertThat(committed().get(new TopicPartition(jobs, 3))).isEqualTo(new OffsetAndMetadata(17, "1;D;x;;;"));
        assertThat(committed()).hasSize(PARTITIONS);
    }

    @Test
    void setupsAtTheSameTimeAllSucceed() throws Exception {
        List<CompletableFuture<Void>> setups = Stream.generate(() -> CompletableFuture.runAsync(
                        () -> new TopicSetup(clients, topics, PATIENCE).ensure(SampleJobs.MODEL, PARTITIONS)))
                .limit(4)
                .toList();
        for (CompletableFuture<Void> one : setups) {
            one.get();
        }
        assertThat(committed()).hasSize(PARTITIONS);
    }

    @Test
    void anOpenTransactionOfAWorkerIsNotWaitedForWhereOffsetsAreThere() throws Exception {
        setup.ensure(SampleJobs.MODEL, PARTITIONS);
        try (Producer<byte[], byte[]> worker = clients.transactionalProducer("worker", topics.prefix() + "-worker")) {
            worker.initTransactions();
            worker.beginTransaction();
            worker.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(jobs, 1), new OffsetAndMetadata(9, "")),
                    new ConsumerGroupMetadata(group));
            new TopicSetup(clients, topics, Duration.ZERO).ensure(SampleJobs.MODEL, PARTITIONS);
            worker.commitTransaction();
        }
        assertThat(committed().get(new TopicPartition(jobs, 1)).offset()).isEqualTo(9);
    }

    @Test
    void theFirstOffsetOfAPartitionWaitsForATransactionThatMayBringOne() throws Exception {
        setup.ensure(SampleJobs.MODEL, PARTITIONS);
        admin.deleteConsumerGroups(List.of(group)).all().get();
        try (Producer<byte[], byte[]> worker = clients.transactionalProducer("worker", topics.prefix() + "-worker")) {
            worker.initTransactions();
            worker.beginTransaction();
            worker.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(jobs, 1), new OffsetAndMetadata(9, "")),
                    new ConsumerGroupMetadata(group));
            TopicSetup hasty = new TopicSetup(clients, topics, Duration.ZERO);
            assertThatThrownBy(() -> hasty.ensure(SampleJobs.MODEL, PARTITIONS))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("a transaction on " + jobs + "-1 is still open");
            worker.commitTransaction();
        }
        setup.ensure(SampleJobs.MODEL, PARTITIONS);
        assertThat(committed()).hasSize(PARTITIONS);
        assertThat(committed().get(new TopicPartition(jobs, 1)).offset()).isEqualTo(9);
    }

    @Test
    void aPartitionAddedLaterGetsItsOffsetAndTheOthersKeepTheirs() throws Exception {
        setup.ensure(SampleJobs.MODEL, PARTITIONS);
        commit(0, 5, "");
        admin.createPartitions(Map.of(jobs, NewPartitions.increaseTo(PARTITIONS + 2)))
                .all()
                .get();
        setup.ensure(SampleJobs.MODEL, PARTITIONS);
        assertThat(committed()).hasSize(PARTITIONS + 2);
        assertThat(committed().get(new TopicPartition(jobs, 0)).offset()).isEqualTo(5);
    }

    @Test
    void forgottenOffsetsOfATopicWithJobsAreAnErrorAndNotTheBeginning() throws Exception {
        setup.ensure(SampleJobs.MODEL, PARTITIONS);
        try (JobSubmitter submitter =
                new JobSubmitter(clients, topics, SampleJobs.run("old"), SubmitOptions.DEFAULTS)) {
            submitter.submit(SampleJobs.jobs("old", 0, 3));
        }
        admin.deleteConsumerGroups(List.of(group)).all().get();
        assertThatThrownBy(() -> setup.ensure(SampleJobs.MODEL, PARTITIONS))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("holds records in 3 partitions for which group " + group + " has no offset")
                .hasMessageContaining("--reset-offsets");
        assertThat(GroupLag.read(clients, topics, SampleJobs.MODEL, PATIENCE).withoutOffset())
                .hasSize(PARTITIONS);
    }

    @Test
    void marksOfTransactionsDoNotCountAsUnfinishedJobs() throws Exception {
        setup.ensure(SampleJobs.MODEL, PARTITIONS);
        try (JobSubmitter submitter =
                new JobSubmitter(clients, topics, SampleJobs.run("lag"), SubmitOptions.DEFAULTS)) {
            submitter.submit(SampleJobs.jobs("lag", 0, PARTITIONS));
        }
        commit(0, 1, "");
        GroupLag lag = GroupLag.read(clients, topics, SampleJobs.MODEL, PATIENCE);
        assertThat(lag.unfinished()).containsEntry(0, 0L).containsEntry(1, 1L);
        assertThat(lag.total()).isEqualTo(PARTITIONS - 1);
        assertThat(lag.members()).isEmpty();
    }

    @Test
    void compactedResultsAreRefused() throws Exception {
        NewTopic compacted = new NewTopic(topics.results(), Optional.of(2), Optional.empty())
                .configs(Map.of("cleanup.policy", "compact"));
        admin.createTopics(List.of(compacted)).all().get();
        assertThatThrownBy(setup::ensureShared)
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining(topics.results())
                .hasMessageContaining("set cleanup.policy=delete");
    }

    @Test
    void aBrokerThatIsAwayIsNamedWhenPatienceIsOver() {
        KafkaClients away = new KafkaClients(KafkaSettings.of("127.0.0.1:1"));
        TopicSetup hasty = new TopicSetup(away, topics, Duration.ofSeconds(1));
        assertThatThrownBy(hasty::ensureShared)
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("broker 127.0.0.1:1 did not answer within 1 s");
    }
}
