package io.millrace.kafka;

import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/**
 * Makes clients from one set of settings; settings that a client refuses come as a {@link ClusterException} in one line.
 * Who asks for a client closes it.
 *
 * <p>Immutable.
 */
public record KafkaClients(KafkaSettings settings) {

    public Admin admin(String clientId) {
        return made(settings.admin(clientId), Admin::create);
    }

    public Consumer<byte[], byte[]> consumer(String clientId) {
        return made(settings.consumer(clientId), KafkaConsumer::new);
    }

    public Producer<byte[], byte[]> transactionalProducer(String clientId, String transactionalId) {
        return made(settings.transactionalProducer(clientId, transactionalId), KafkaProducer::new);
    }

    private <T> T made(Map<String, Object> client, Function<Map<String, Object>, T> constructor) {
        try {
            return constructor.apply(client);
        } catch (KafkaException e) {
            StringBuilder causes = new StringBuilder(e.getMessage());
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                causes.append(": ").append(cause.getMessage());
            }
            // The cause is not passed on: its message may hold a secret.
            throw new ClusterException(
                    settings.redact("the Kafka client settings for " + settings.address() + " do not work: " + causes));
        }
    }
}
