package io.millrace.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.Main;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.KafkaSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions that a broker's death cuts off. */
final class KilledBrokerTest {
    private static final String ID = "writer";
    private static final String TOPIC = "written";

    @TempDir
    Path folder;

    @Test
    void whatWasOpenAtTheKillStaysAborted() throws Exception {
        int port = freePort();
        String bootstrap = "127.0.0.1:" + port;
        KafkaClients clients = new KafkaClients(KafkaSettings.of(bootstrap));
        ChildJvm broker = start(port);
        try {
            try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap));
                    Producer<String, String> first = producer(bootstrap)) {
                admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
                        .all()
                        .get(60, TimeUnit.SECONDS);
                first.initTransactions();
                first.beginTransaction();
                first.send(new ProducerRecord<>(TOPIC, "cut off")).get(60, TimeUnit.SECONDS);
                broker.kill();
                broker = start(port);
                awaitEnd(admin);
            }
            try (Producer<String, String> second = producer(bootstrap)) {
                second.initTransactions();
                second.beginTransaction();
                second.send(new ProducerRecord<>(TOPIC, "whole"));
                second.commitTransaction();
            }
            assertThat(CommittedRecords.of(clients, TOPIC))
                    .extracting(record -> new String(record.value(), UTF_8))
                    .containsExactly("whole");
        } finally {
            broker.kill();
        }
    }

    /** Waits until the broker is back and has ended the transaction, which is out of time then. */
    private static void awaitEnd(Admin admin) throws Exception {
        TransactionState state = TransactionState.ONGOING;
        while (state != TransactionState.COMPLETE_ABORT) {
            try {
                state = admin.describeTransactions(List.of(ID))
                        .description(ID)
                        .get(60, TimeUnit.SECONDS)
                        .state();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException)) {
                    throw e;
                }
            }
        }
    }

    private static Producer<String, String> producer(String bootstrap) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG, ID,
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 1_000),
                new StringSerializer(),
                new StringSerializer());
    }

    private ChildJvm start(int port) {
        return ChildJvm.start(
                folder,
                "broker",
                Main.class,
                "broker",
                "--data=" + folder.resolve("kafka"),
                "--host=127.0.0.1",
                "--port=" + port);
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
