package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.TopicSetup;
import io.millrace.producer.kafka.JobSubmitter;
import io.millrace.producer.kafka.SubmitOptions;
import io.millrace.system.TestWorker.Act;
import io.millrace.wire.ResultCodec;
import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A worker takes a partition over while another's transaction still holds offsets of it. */
@ExtendWith(SharedBroker.Extension.class)
final class TakeOverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** One that the worker's few transactions do not come to. */
    private static final int FAR_RESULT_PARTITION = 15;

    private final KafkaClients clients;
    private final Topics topics;
    private final BlockingQueue<String> started = new LinkedBlockingQueue<>();

    TakeOverTest(SharedBroker broker) {
        clients = broker.clients();
        topics = broker.freshTopics();
        new TopicSetup(clients, topics, PATIENCE).ensure(SampleJobs.MODEL, 4);
    }

    /** The admin client leaves such a partition out of its answer, as if nothing had ever been committed. */
    @Test
    void offsetsInAnOpenTransactionAreWaitedForAndNotTakenForNone() throws Exception {
        submit("first", 8);
        try (Producer<byte[], byte[]> former = clients.transactionalProducer("former", topics.prefix() + "-former")) {
            former.initTransactions();
            former.beginTransaction();
            for (long index : new long[] {0, 4}) {
                former.send(SampleJobs.resultRecord(topics, FAR_RESULT_PARTITION, "first", index));
            }
            former.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(topics.jobs(SampleJobs.MODEL), 0), new OffsetAndMetadata(2, "")),
                    new ConsumerGroupMetadata(topics.group(SampleJobs.MODEL)));

            try (TestWorker worker = new TestWorker(clients, topics, job -> {
                started.add(job.id().toString());
                return Act.ANSWER;
            })) {
                Set<String> seen = awaitStarts(6);
                former.commitTransaction();
                submit("second", 4);
                seen.addAll(awaitStarts(4));
                assertThat(seen).doesNotContain("first-0", "first-4").contains("second-0");
            }
        }
        assertThat(CommittedRecords.of(clients, topics.results()))
                .extracting(record -> ResultCodec.decode(record.value()).id().toString())
                .hasSize(12)
                .doesNotHaveDuplicates();
    }

    private void submit(String run, int jobs) {
        try (JobSubmitter submitter = new JobSubmitter(clients, topics, SampleJobs.run(run), SubmitOptions.DEFAULTS)) {
            submitter.submit(SampleJobs.jobs(run, 0, jobs));
        }
    }

    private Set<String> awaitStarts(int count) throws InterruptedException {
        Set<String> seen = new HashSet<>();
        while (seen.size() < count) {
            String job = started.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(job).as("the next job to start after " + seen).isNotNull();
            seen.add(job);
        }
        return seen;
    }
}
