package io.millrace.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.wire.Topics;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Where the brokers are and how to talk to them: the user's properties file as it is, over Millrace's defaults for speed
 * and patience, under what the guarantee needs. A file that contradicts the latter is refused.
 *
 * <p>Immutable.
 */
public final class KafkaSettings {
    /** Short, so that a caller hears of a broker that is away while it waits. */
    private static final int ADMIN_TIMEOUT_MILLIS = 5_000;

    private static final int REQUEST_TIMEOUT_MILLIS = 10_000;
    private static final int LINGER_MILLIS = 10;
    /** Not longer: an open transaction of a dead submitter holds up every worker for this long. */
    private static final int TRANSACTION_TIMEOUT_MILLIS = 15_000;

    private final Map<String, Object> client;

    private KafkaSettings(Map<String, Object> client) {
        this.client = Map.copyOf(client);
    }

    /** Nothing but the servers' addresses. */
    public static KafkaSettings of(String bootstrapServers) {
        return load(Optional.of(bootstrapServers), Optional.empty());
    }

    /**
     * Addresses and a properties file in UTF-8; the addresses given here win over the file's.
     *
     * @throws ClusterException naming file, key and remedy if the file cannot be read or sets what would break the
     *     guarantee, or if nobody says where the brokers are
     */
    public static KafkaSettings load(Optional<String> bootstrapServers, Optional<Path> file) {
        Map<String, Object> client = new HashMap<>();
        if (file.isPresent()) {
            Map<String, String> read = read(file.get());
            SettingRules.check(file.get(), read);
            client.putAll(read);
        }
        bootstrapServers.ifPresent(
                servers -> client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers.strip()));
        Object servers = client.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
        if (servers == null || servers.toString().isBlank()) {
            throw new ClusterException("no Kafka brokers named: give --bootstrap-server HOST:PORT"
                    + file.map(path -> " or bootstrap.servers in " + path).orElse(""));
        }
        return new KafkaSettings(client);
    }

    private static Map<String, String> read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            throw new ClusterException(file + ": no such file of Kafka settings", e);
        } catch (MalformedInputException e) {
            throw new ClusterException(file + ": not a text in UTF-8: Kafka settings are lines of key=value", e);
        } catch (IllegalArgumentException e) {
            // Properties does not say where; the message may hold a piece of a secret, so it is not repeated.
            throw new ClusterException(
                    file + ": a backslash-u is not followed by four hexadecimal digits; write a backslash twice", e);
        } catch (IOException e) {
            throw new ClusterException(file + ": cannot be read: " + e.getMessage(), e);
        }
        Map<String, String> read = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> read.put(key, properties.getProperty(key)));
        return read;
    }

    /** The brokers' addresses, for messages. */
    public String address() {
        return client.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG).toString();
    }

    /** The user's settings and the addresses alone. */
    public Map<String, Object> client() {
        return client;
    }

    public Map<String, Object> admin(String clientId) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("request.timeout.ms", ADMIN_TIMEOUT_MILLIS);
        settings.put("default.api.timeout.ms", Math.max(ADMIN_TIMEOUT_MILLIS, userMillis("request.timeout.ms")));
        settings.putAll(client);
        settings.put("client.id", clientId);
        return settings;
    }

    /** A consumer of byte arrays that belongs to no group and sees committed records only. */
    public Map<String, Object> consumer(String clientId) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        settings.put(
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.max(REQUEST_TIMEOUT_MILLIS, userMillis("request.timeout.ms")));
        settings.putAll(client);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        return settings;
    }

    /** A transactional producer of byte arrays. */
    public Map<String, Object> transactionalProducer(String clientId, String transactionalId) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L * 1024 * 1024);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        settings.put(
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                Math.max(REQUEST_TIMEOUT_MILLIS, userMillis("request.timeout.ms"))
                        + Math.max(LINGER_MILLIS, userMillis("linger.ms")));
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
        settings.putAll(client);
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        return settings;
    }

    /** A time that the user set, 0 if none; the client itself refuses what is no number. */
    private int userMillis(String key) {
        Object value = client.get(key);
        return value != null && value.toString().strip().matches("[0-9]{1,9}")
                ? Integer.parseInt(value.toString().strip())
                : 0;
    }

    /** The same text without any secret of the settings in it. */
    public String redact(String text) {
        return Secrets.redact(text, client);
    }

    /** All settings, secrets hidden. */
    @Override
    public String toString() {
        return Secrets.hide(client).toString();
    }
}
