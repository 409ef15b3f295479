package io.millrace.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.KafkaSettings;
import io.millrace.kafka.TopicSetup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@ExtendWith(SharedBroker.Extension.class)
final class SecretsInLogsTest {

    @Test
    void noSecretOfTheSettingsIsLoggedEvenWhenKafkaLogsItsOwn(SharedBroker broker, @TempDir Path dir) throws Exception {
        Path file = Files.writeString(
                dir.resolve("client.properties"),
                String.join(
                        "\n",
                        "security.protocol=SASL_PLAINTEXT",
                        "sasl.mechanism=PLAIN",
                        "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required"
                                + " username=\"mill\" password=\"s3cretLogin\";",
                        "ssl.keystore.password=s3cretStore",
                        "ssl.truststore.password=s3cretTrust",
                        "ssl.key.password=s3cretKey",
                        "ssl.keystore.key=s3cretPem",
                        "sasl.oauthbearer.client.credentials.client.secret=s3cretOauth",
                        "some.unknown.token=s3cretToken"),
                UTF_8);
        KafkaClients clients = new KafkaClients(KafkaSettings.load(Optional.of(broker.bootstrap()), Optional.of(file)));
        Logger kafka = (Logger) LoggerFactory.getLogger("org.apache.kafka");
        Logger millrace = (Logger) LoggerFactory.getLogger("io.millrace");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        kafka.addAppender(lines);
        millrace.addAppender(lines);
        Level before = kafka.getLevel();
        kafka.setLevel(Level.INFO);
        kafka.setAdditive(false);
        try {
            // The broker does not speak SASL, so the login fails, which must not show a secret either.
            assertThatThrownBy(
                            () -> new TopicSetup(clients, broker.freshTopics(), Duration.ofSeconds(1)).ensureShared())
                    .isInstanceOf(ClusterException.class)
                    .message()
                    .contains(broker.bootstrap())
                    .doesNotContain("s3cret");
            clients.consumer("c").close();
            clients.transactionalProducer("p", "t").close(Duration.ZERO);
        } finally {
            kafka.setLevel(before);
            kafka.setAdditive(true);
            kafka.detachAppender(lines);
            millrace.detachAppender(lines);
        }
        List<String> logged =
                lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        assertThat(logged).anyMatch(line -> line.contains("sasl.jaas.config = [hidden]"));
        assertThat(logged).noneMatch(line -> line.contains("s3cret"));
    }
}
