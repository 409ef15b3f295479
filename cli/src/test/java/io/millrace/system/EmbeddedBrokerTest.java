package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.broker.BrokerException;
import io.millrace.cli.broker.EmbeddedBroker;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.KafkaSettings;
import io.millrace.kafka.TopicSetup;
import io.millrace.producer.kafka.JobSubmitter;
import io.millrace.producer.kafka.SubmitOptions;
import io.millrace.wire.Topics;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedBrokerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path dir;

    @Test
    void aTakenPortIsNamedWithTheRemedy() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> EmbeddedBroker.start(dir, "127.0.0.1", port))
                    .isInstanceOf(BrokerException.class)
                    .hasMessageContaining("port " + port)
                    .hasMessageContaining("another port");
        }
    }

    @Test
    void twoBrokersDoNotShareAFolder() {
        try (EmbeddedBroker first = EmbeddedBroker.start(dir, "127.0.0.1", 0)) {
            assertThat(first.port()).isPositive();
            assertThatThrownBy(() -> EmbeddedBroker.start(dir, "127.0.0.1", 0))
                    .isInstanceOf(BrokerException.class)
                    .hasMessageContaining("already running on " + dir);
        }
    }

    @Test
    void aSubmitterRidesOutARestartAndTheDataAreStillThere() throws Exception {
        try (Restarting broker = new Restarting(dir)) {
            KafkaClients clients = new KafkaClients(KafkaSettings.of(broker.bootstrap()));
            new TopicSetup(clients, Topics.DEFAULT, PATIENCE).ensure(SampleJobs.MODEL, 4);
            SubmitOptions restartsAfterTheFirstChunk = new SubmitOptions(
                    100,
                    Long.MAX_VALUE,
                    () -> 0,
                    jobs -> {
                        if (jobs == 100) {
                            broker.restart();
                        }
                    },
                    () -> false,
                    PATIENCE);
            try (JobSubmitter submitter =
                    new JobSubmitter(clients, Topics.DEFAULT, SampleJobs.run("restart"), restartsAfterTheFirstChunk)) {
                assertThat(submitter.submit(SampleJobs.jobs("restart", 0, 250))).isTrue();
            }
            assertThat(CommittedRecords.of(clients, Topics.DEFAULT.jobs(SampleJobs.MODEL)))
                    .hasSize(250);
        }
    }

    /** A broker that goes away and comes back on the same port and folder while its clients go on. */
    private static final class Restarting implements AutoCloseable {
        private final Path dir;
        private final int port;
        private CompletableFuture<EmbeddedBroker> broker;

        Restarting(Path dir) {
            this.dir = dir;
            EmbeddedBroker first = EmbeddedBroker.start(dir, "127.0.0.1", 0);
            port = first.port();
            broker = CompletableFuture.completedFuture(first);
        }

        String bootstrap() {
            return broker.join().bootstrap();
        }

        void restart() {
            broker.join().close();
            broker = CompletableFuture.supplyAsync(() -> EmbeddedBroker.start(dir, "127.0.0.1", port));
        }

        @Override
        public void close() {
            broker.join().close();
        }
    }
}
