package io.millrace.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KafkaSettingsTest {
    private static final String JAAS = "org.apache.kafka.common.security.plain.PlainLoginModule required"
            + " username=\"mill\" password=\"hunter22\";";

    @TempDir
    Path dir;

    private Path file(String... lines) throws IOException {
        return Files.writeString(dir.resolve("client.properties"), String.join("\n", lines), UTF_8);
    }

    private KafkaSettings load(String... lines) throws IOException {
        return KafkaSettings.load(Optional.of("broker:9092"), Optional.of(file(lines)));
    }

    @Test
    void theFileIsPassedOnAsItIsToEveryClient() throws Exception {
        KafkaSettings settings = load("security.protocol=SASL_SSL", "sasl.mechanism=PLAIN", "linger.ms=77");
        for (Map<String, Object> client : java.util.List.of(
                settings.admin("a"), settings.consumer("c"), settings.transactionalProducer("p", "t"))) {
            assertThat(client)
                    .containsEntry("security.protocol", "SASL_SSL")
                    .containsEntry("sasl.mechanism", "PLAIN")
                    .containsEntry("bootstrap.servers", "broker:9092");
        }
        assertThat(settings.transactionalProducer("p", "t")).containsEntry("linger.ms", "77");
    }

    @Test
    void whatTheGuaranteeNeedsIsSetWhateverTheFileSays() throws Exception {
        KafkaSettings settings = load("acks=all", "max.request.size=1000");
        assertThat(settings.transactionalProducer("p", "tid"))
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("transactional.id", "tid")
                .containsEntry("max.request.size", 16 * 1024 * 1024);
        assertThat(settings.consumer("c"))
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("enable.auto.commit", false)
                .containsEntry("auto.offset.reset", "none")
                .doesNotContainKey("group.id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "acks=1",
                "acks=0",
                "enable.idempotence=false",
                "isolation.level=read_uncommitted",
                "enable.auto.commit=true",
                "auto.offset.reset=earliest",
                "retries=0",
                "max.in.flight.requests.per.connection=20",
                "transactional.id=mine",
                "group.id=mine",
                "group.instance.id=mine",
                "group.protocol=consumer",
                "key.serializer=a.B",
                "partition.assignment.strategy=a.B"
            })
    void aSettingThatBreaksTheGuaranteeIsRefusedByFileKeyValueAndRemedy(String line) {
        assertThatThrownBy(() -> load("security.protocol=PLAINTEXT", line))
                .isInstanceOf(ClusterException.class)
                .hasMessageStartingWith(dir.resolve("client.properties") + ": " + line + " cannot be used: ")
                .hasMessageEndingWith("Remove the line");
    }

    @Test
    void aSettingThatAgreesWithTheGuaranteeIsAllowed() throws Exception {
        assertThat(load("acks=-1", "isolation.level=READ_COMMITTED", "enable.auto.commit=false")
                        .address())
                .isEqualTo("broker:9092");
    }

    @Test
    void aLongRequestTimeOutOfTheUserNeedsNoOtherSetting() throws Exception {
        KafkaClients clients = new KafkaClients(KafkaSettings.load(
                Optional.of("127.0.0.1:1"), Optional.of(file("request.timeout.ms=45000", "linger.ms=500"))));
        clients.admin("a").close();
        clients.consumer("c").close();
        try (Producer<byte[], byte[]> producer = clients.transactionalProducer("p", "t")) {
            assertThat(producer.metrics()).isNotEmpty();
        }
    }

    @Test
    void theAddressComesFromTheCommandLineOrElseFromTheFile() throws Exception {
        Path file = file("bootstrap.servers=fromfile:1");
        assertThat(KafkaSettings.load(Optional.empty(), Optional.of(file)).address())
                .isEqualTo("fromfile:1");
        assertThat(KafkaSettings.load(Optional.of("given:2"), Optional.of(file)).address())
                .isEqualTo("given:2");
        assertThatThrownBy(() -> KafkaSettings.load(Optional.empty(), Optional.of(file("acks=all"))))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("--bootstrap-server")
                .hasMessageContaining("client.properties");
    }

    @Test
    void noSecretIsShown() throws Exception {
        KafkaSettings settings = load(
                "sasl.jaas.config=" + JAAS,
                "ssl.keystore.password=keystoreSecret",
                "ssl.key.password=keySecret",
                "ssl.keystore.key=-----BEGIN PRIVATE KEY-----",
                "sasl.oauthbearer.client.credentials.client.secret=oauthSecret",
                "my.access.token=tokenSecret",
                "some.credentials=credSecret",
                "sasl.mechanism=PLAIN");
        assertThat(settings.toString())
                .contains("sasl.mechanism=PLAIN", "sasl.jaas.config=(hidden)")
                .doesNotContain("hunter22", "Secret", "PRIVATE");
        assertThat(settings.redact("login with hunter22 and keystoreSecret at broker:9092"))
                .isEqualTo("login with (hidden) and (hidden) at broker:9092");
    }

    @Test
    void aClientThatRefusesItsSettingsSaysSoInOneLineWithoutSecrets() throws Exception {
        KafkaClients clients = new KafkaClients(load(
                "security.protocol=SASL_PLAINTEXT",
                "sasl.mechanism=PLAIN",
                "sasl.jaas.config=some.LoginModule hunter22andmore user=x;"));
        assertThatThrownBy(() -> clients.admin("a"))
                .isInstanceOf(ClusterException.class)
                .hasNoCause()
                .hasMessageContaining("broker:9092")
                .message()
                .doesNotContain("hunter22", "\n");
    }

    @Test
    void brokenFilesAreNamed() throws Exception {
        Path absent = dir.resolve("absent.properties");
        assertThatThrownBy(() -> KafkaSettings.load(Optional.of("b:1"), Optional.of(absent)))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining(absent + ": no such file");
        assertThatThrownBy(() -> KafkaSettings.load(Optional.of("b:1"), Optional.of(dir)))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining(dir + ": cannot be read");
        assertThatThrownBy(() -> load("ssl.truststore.location=C:\\users\\x"))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("write a backslash twice");
        Path latin = dir.resolve("latin.properties");
        Files.write(latin, new byte[] {'a', '=', (byte) 0xe9, '\n'});
        assertThatThrownBy(() -> KafkaSettings.load(Optional.of("b:1"), Optional.of(latin)))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("UTF-8");
    }
}
