package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.CommandLineRun;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.TopicSetup;
import io.millrace.producer.kafka.JobSubmitter;
import io.millrace.producer.kafka.SubmitOptions;
import io.millrace.wire.Topics;
import java.time.Duration;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What {@code millrace audit} says of results in a real topic. */
@ExtendWith(SharedBroker.Extension.class)
final class AuditTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String RUN = "audited";

    private final SharedBroker broker;
    private final Topics topics;
    private final Producer<byte[], byte[]> worker;

    AuditTest(SharedBroker broker) {
        this.broker = broker;
        topics = broker.freshTopics();
        KafkaClients clients = broker.clients();
        new TopicSetup(clients, topics, PATIENCE).ensure(SampleJobs.MODEL, 4);
        try (JobSubmitter submitter = new JobSubmitter(clients, topics, SampleJobs.run(RUN), SubmitOptions.DEFAULTS)) {
            submitter.submit(SampleJobs.jobs(RUN, 0, 20));
        }
        worker = clients.transactionalProducer("worker", topics.prefix() + "-worker");
        worker.initTransactions();
    }

    @AfterEach
    void stopTheWorker() {
        worker.close(Duration.ZERO);
    }

    private void publish(long from, long to) {
        worker.beginTransaction();
        for (long index = from; index < to; index++) {
            worker.send(SampleJobs.resultRecord(topics, (int) (index % Topics.RESULT_PARTITIONS), RUN, index));
        }
    }

    private CommandLineRun audit(String run) {
        return CommandLineRun.of(
                "audit", run, "--bootstrap-server=" + broker.bootstrap(), "--topic-prefix=" + topics.prefix());
    }

    @Test
    void oneResultForEachJobIsWellAndWhatWasAbortedDoesNotCount() {
        publish(0, 20);
        worker.abortTransaction();
        publish(0, 20);
        worker.commitTransaction();

        CommandLineRun audit = audit(RUN);

        assertThat(audit.output())
                .contains("run audited (SEALED): jobs 20 results 20 lost 0 duplicates 0")
                .contains("worker test: results 20, of jobs that an earlier attempt did not finish 0");
        assertThat(audit.status()).isZero();
    }

    @Test
    void aLostJobAndADuplicateAreCountedAndTheStatusSaysSo() {
        publish(0, 18);
        worker.commitTransaction();
        publish(4, 5);
        worker.commitTransaction();

        CommandLineRun audit = audit(RUN);

        assertThat(audit.output()).contains("jobs 20 results 19 lost 2 duplicates 1");
        assertThat(audit.status()).isEqualTo(1);
    }

    @Test
    void anUnknownRunIsNamedWithTheRemedy() {
        CommandLineRun audit = audit("absent");

        assertThat(audit.output()).contains("there is no run absent here: millrace status lists the runs");
        assertThat(audit.status()).isEqualTo(2);
    }
}
